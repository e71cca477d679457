using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Clearway.Auth.V1;
using Clearway.Signaling.Tests.Driver;
using Microsoft.Extensions.Options;

namespace Clearway.Signaling.Tests;

/// <summary>How connections end, and what the gateway does without the services behind it.</summary>
public class ConnectionLifeTests
{
    [Fact]
    public async Task Room_WhoseTimeIsOver_ClosesAndStaysClosed()
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        await using var gateway = await Gateway.StartAsync(nodes: 1, time: time);
        await using var ada = await gateway.JoinAsync("over", "Ada", Role.Organizer, wishes: "\"ttl_minutes\":5");
        Assert.Equal(5, (int)ada.Welcome["policy"]!["ttl_minutes"]!);
        time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        await ada.SayAsync("still open");
        await ada.ExpectAsync("chat_broadcast");

        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("expired", (string?)(await ada.ExpectAsync("room_closed"))["reason"]);
        Assert.Equal(("room_expired", 4105), await ada.ExpectCloseAsync());
        await using var late = await gateway.ConnectAsync();
        await late.SendAsync($$"""{"type":"join","token":"{{AuthDouble.Token("over", "p-late", "Late", Role.Organizer)}}"}""");
        Assert.Equal(("room_expired", 4105), await late.ExpectCloseAsync());
    }

    [Fact]
    public async Task Connection_ThatDoesNotJoin_IsClosed()
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        await using var gateway = await Gateway.StartAsync(time: time);
        await using var silent = await gateway.ConnectAsync();

        // The timer starts with the connection, which the node takes up some time after the client has it; ended by the close, not by a pause.
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return silent.IsClosed;
            },
            "the connection is closed");

        Assert.Equal(("join_timeout", 4102), await silent.ExpectCloseAsync());
    }

    [Fact]
    public async Task Reader_ThatIsTooSlow_IsClosedAndTheOthersGoOn()
    {
        await using var gateway = await Gateway.StartAsync(
            settings: [("Signaling:MaxFramesPerSecond", "100000"), ("Signaling:CloseTimeout", "00:00:01")]);
        await using var ada = await gateway.JoinAsync("slow", "Ada");
        await using var slow = await Participant.JoinAsync(gateway.Address, "slow", "Slow", Role.Participant, "p-slow", receive: false);
        await ada.ExpectAsync("peer-joined");
        var offer = $$"""{"type":"offer","target_id":"p-slow","payload":"{{new string('x', 60_000)}}"}""";

        await Eventually.TrueAsync(
            async () =>
            {
                await ada.SendAsync(offer);
                return ada.Types.Contains("peer-away");
            },
            "the slow reader is away");

        await ada.SayAsync("fine");
        await ada.ExpectAsync("chat_broadcast");
    }

    [Fact]
    public async Task Auth_ThatIsDown_RefusesJoinsWithoutLettingAnybodyIn()
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Auth.IsDown = true;
        await using var ada = await gateway.ConnectAsync();

        await ada.SendAsync($$"""{"type":"join","token":"{{AuthDouble.Token("r", "p-ada", "Ada", Role.Organizer)}}"}""");

        Assert.Equal(("unavailable", 4003), await ada.ExpectCloseAsync());
    }

    [Fact]
    public async Task Chat_ThatIsDownTillTheQueueIsFull_RefusesLinesBeforeAnybodySeesThem()
    {
        await using var gateway = await Gateway.StartAsync(
            settings: [("Signaling:ChatInterval", "00:00:00"), ("Signaling:ArchiveCapacityBytes", "65536")]);
        await using var ada = await gateway.JoinAsync("full", "Ada");
        await using var grace = await gateway.JoinAsync("full", "Grace");
        gateway.Chat.IsDown = true;

        var seen = 0;
        for (var answer = ""; answer != "error"; seen++)
        {
            await ada.SayAsync(new string('x', 1_000));
            var frame = await ada.ExpectFirstAsync();
            while ((answer = (string)frame["type"]!) is not ("chat_broadcast" or "error"))
            {
                frame = await ada.ExpectFirstAsync();
            }

            Assert.Equal(answer == "error" ? "unavailable" : null, (string?)frame["code"]);
        }

        gateway.Chat.IsDown = false;
        await Eventually.TrueAsync(() => gateway.Chat.Stored.Count == seen - 1, "what was said is stored");
        await ada.SayAsync("again");
        await Eventually.TrueAsync(() => gateway.Chat.Stored[^1].Text == "again", "the queue takes lines again");
        for (var line = 0; line < seen; line++)
        {
            Assert.Equal(line < seen - 1 ? 'x' : 'a', ((string)(await grace.ExpectAsync("chat_broadcast"))["text"]!)[0]);
        }
    }

    [Fact]
    public async Task Chat_ThatIsDown_DoesNotStopTheRoomAndGetsEverythingLater()
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Chat.IsDown = true;
        await using var ada = await gateway.JoinAsync("down", "Ada");
        await ada.SayAsync("while down");
        await ada.ExpectAsync("chat_broadcast");

        gateway.Chat.IsDown = false;

        await Eventually.TrueAsync(() => gateway.Chat.Stored.Count == 1, "the line is stored");
        await using var grace = await gateway.JoinAsync("down", "Grace");
        Assert.Equal("while down", (string?)(await grace.ExpectAsync("chat_history"))["messages"]![0]!["text"]);
    }

    [Fact]
    public async Task Newcomer_WhileChatIsDown_GetsTheHistoryOnceItIsBackAndHasWhatWasKeptMeanwhile()
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        await using var gateway = await Gateway.StartAsync(time: time);
        await using var ada = await gateway.JoinAsync("away", "Ada");
        await ada.ExpectAsync("chat_history");
        var held = new TaskCompletionSource();
        gateway.Chat.Held = held.Task;
        await ada.SayAsync("kept meanwhile");
        await ada.ExpectAsync("chat_broadcast");
        gateway.Chat.IsDown = true;
        await using var grace = await gateway.JoinAsync("away", "Grace");
        await Eventually.TrueAsync(() => gateway.Chat.UntoldPages > 0, "her history is asked for in vain");
        var told = gateway.Chat.ToldPages;
        gateway.Chat.IsDown = false;

        await PassesAsync(() => gateway.Chat.ToldPages > told, "it is told again");
        held.SetResult();
        await Eventually.TrueAsync(() => gateway.Chat.Stored.Count == 1, "what was kept is stored");

        await PassesAsync(() => grace.Types.Contains("chat_history"), "she gets it");
        Assert.Equal("kept meanwhile", (string?)(await grace.ExpectAsync("chat_history"))["messages"]![0]!["text"]);

        Task PassesAsync(Func<bool> condition, string what) => Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(100));
                return condition();
            },
            what);
    }

    [Fact]
    public async Task Chat_ThatRefusesOneMessage_GetsTheOthersOfItsBatch()
    {
        await using var gateway = await Gateway.StartAsync();
        gateway.Chat.IsDown = true;
        for (var i = 0; i < 4; i++)
        {
            // A participant each: one alone may not say so much at once.
            await using var somebody = await gateway.JoinAsync("refusal", $"Somebody{i}");
            await somebody.SayAsync(i == 2 ? ChatDouble.Unacceptable : $"line {i}");
            await somebody.ExpectAsync("chat_broadcast");
        }

        gateway.Chat.IsDown = false;

        await Eventually.TrueAsync(() => gateway.Chat.Stored.Count == 3, "the others are stored");
        Assert.Equal(["line 0", "line 1", "line 3"], gateway.Chat.Stored.Select(message => message.Text));
        Assert.Contains(gateway.Chat.RefusedRequests, count => count > 1);
        Assert.Equal(1, gateway.Chat.RefusedRequests.Last());
    }

    [Fact]
    public async Task Redis_ThatIsLost_DoesNotEndTheCallAndGetsTheRosterBack()
    {
        await using var gateway = await Gateway.StartAsync(
            settings:
            [
                ("Signaling:SyncInterval", "00:00:00.300"), ("Signaling:HeartbeatInterval", "00:00:00.300"),
                ("Signaling:RedisTimeout", "00:00:00.500"),
            ]);
        await using var ada = await gateway.JoinAsync("loss", "Ada");
        await using var grace = await gateway.JoinAsync("loss", "Grace");
        await gateway.Redis.CrashAsync();

        await ada.OfferAsync(grace, "1");
        await grace.ExpectAsync("offer");
        await gateway.Redis.RestartAsync();

        // Whoever is admitted now sees the others: the roster is back.
        await Eventually.TrueAsync(
            async () =>
            {
                await using var alan = await gateway.ConnectAsync();
                await alan.SendAsync($$"""{"type":"join","token":"{{AuthDouble.Token("loss", "p-alan", "Alan", Role.Participant)}}"}""");
                var answer = await alan.ExpectFirstAsync();
                return (string?)answer["type"] == "welcome" && answer["participants"]!.AsArray().Count == 2;
            },
            "a newcomer sees both");
        Assert.DoesNotContain("peer-left", ada.Types.Take(2));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("changeme-changeme-changeme-changeme-1")]
    public async Task Start_WithoutARealKey_IsRefusedOutsideDevelopment(string key)
    {
        // The program itself: a factory around it looks for services of the host, which the program disposes when it does not start.
        string[] arguments =
        [
            "--environment=Production", $"--SystemMessages:Key={key}", "--ConnectionStrings:redis=127.0.0.1:1,abortConnect=false",
            "--services:auth:grpc:0=http://127.0.0.1:1", "--services:chat:grpc:0=http://127.0.0.1:1", "--services:storage:grpc:0=http://127.0.0.1:1",
        ];
        var program = Task.Run(() => typeof(Program).Assembly.EntryPoint!.Invoke(
            null, BindingFlags.DoNotWrapExceptions, null, [arguments], null));

        await Assert.ThrowsAsync<OptionsValidationException>(() => program.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Theory]
    [InlineData(6, 5)]
    [InlineData(10, 3)]
    public void Times_ThatContradictEachOther_AreRefused(int nodeTimeout, int grace)
    {
        var options = new SignalingOptions
        {
            HeartbeatInterval = TimeSpan.FromSeconds(3),
            NodeTimeout = TimeSpan.FromSeconds(nodeTimeout),
            RebuildGrace = TimeSpan.FromSeconds(grace),
        };

        Assert.Throws<ValidationException>(() => Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true));
    }

    [Fact]
    public async Task Relay_OfATracedSession_IsASpanOfTheBrowsersTrace()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var gateway = await Gateway.StartAsync(
            settings:
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Endpoint), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
                ("OTEL_BSP_SCHEDULE_DELAY", "100"), ("Signaling:TracedRelays", "1"),
            ]);
        const string Trace = "7bf92f3577b34da6a3ce929d0e0e4737";
        await using var ada = await Participant.ConnectAsync(gateway.Address, traceParent: $"00-{Trace}-00f067aa0ba902b7-01");
        await ada.SendAsync($$"""{"type":"join","token":"{{AuthDouble.Token("relays", "p-ada", "Ada", Role.Participant)}}"}""");
        await ada.ExpectAsync("welcome");

        await ada.SendAsync("""{"type":"offer","target_id":"p-nobody","payload":{"sdp":"v=0"}}""");

        var relay = await receiver.WaitForSpanAsync(span => span.Name == "relay" && span.TraceId == Trace);
        Assert.Equal("00f067aa0ba902b7", relay.ParentSpanId);
        Assert.Equal(
            ("offer", "13", "target_unknown"),
            (relay.Attributes["clearway.type"], relay.Attributes["clearway.bytes"], relay.Attributes["clearway.outcome"]));
    }

    [Fact]
    public async Task Join_WithTheBrowsersTrace_CarriesItToAuth()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var gateway = await Gateway.StartAsync(
            settings:
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Endpoint), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
                ("OTEL_BSP_SCHEDULE_DELAY", "100"),
            ]);
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        await using var ada = await Participant.ConnectAsync(gateway.Address, traceParent: $"00-{Trace}-00f067aa0ba902b7-01");
        await ada.SendAsync($$"""{"type":"join","token":"{{AuthDouble.Token("trace", "p-ada", "Ada", Role.Participant)}}"}""");
        await ada.ExpectAsync("welcome");

        // Exported while the call goes on. Nodes of other tests in this process export theirs as well.
        var join = await receiver.WaitForSpanAsync(span => span.Name == "join" && span.TraceId == Trace);
        var admit = await receiver.WaitForSpanAsync(span => span.Name == "redis admit" && span.TraceId == Trace);

        Assert.Equal(("00f067aa0ba902b7", join.SpanId), (join.ParentSpanId, admit.ParentSpanId));
        Assert.Contains(gateway.Auth.TraceParents, parent => parent.Contains(Trace, StringComparison.Ordinal));
    }
}
