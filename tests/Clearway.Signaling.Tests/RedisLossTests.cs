using System.Diagnostics;
using Clearway.Auth.V1;
using Clearway.Signaling.Tests.Driver;

namespace Clearway.Signaling.Tests;

/// <summary>Redis away or emptied under calls on two nodes.</summary>
public sealed class RedisLossTests
{
    private const string Room = "loss";

    // What the defaults are, in less time.
    private static readonly (string, string)[] Quick =
    [
        ("Signaling:HeartbeatInterval", "00:00:00.500"), ("Signaling:NodeTimeout", "00:00:03"), ("Signaling:SyncInterval", "00:00:00.500"),
        ("Signaling:RedisTimeout", "00:00:01"), ("Signaling:RebuildGrace", "00:00:02"), ("Signaling:AuthTimeout", "00:00:05"),
    ];

    public enum Fault
    {
        Killed,
        Stalled,
        Flushed,
    }

    [Theory]
    [InlineData(Fault.Killed)]
    [InlineData(Fault.Stalled)]
    [InlineData(Fault.Flushed)]
    public async Task Redis_ThatFails_LeavesCallsAloneAndKnowsThemAgain(Fault fault)
    {
        await using var gateway = await Gateway.StartAsync(nodes: 2, settings: Quick);
        await using var ada = await gateway.JoinAsync(Room, "Ada", Role.Organizer, wishes: "\"max_peers\":4,\"ttl_minutes\":77");
        await using var grace = await gateway.JoinAsync(Room, "Grace");
        await using var alan = await gateway.JoinAsync(Room, "Alan", node: 1);
        await using var joan = await gateway.JoinAsync(Room, "Joan", node: 1);
        await ada.ExpectAsync("peer-joined", frame => (string?)frame["participant"]!["id"] == "p-joan");
        await ada.SendAsync("""{"type":"control_frame","command":"START_RECORD"}""");
        var recording = await alan.ExpectAsync("record_started");
        Participant[] all = [ada, grace, alan, joan];
        foreach (var other in all.Where(one => one != alan))
        {
            await other.ExpectAsync("record_started");
        }

        var heard = all.Select(one => one.Types.Count).ToList();

        await FailAsync(gateway, fault);
        if (fault != Fault.Flushed)
        {
            // Within a node everything goes on, and who asks to join is told at once when it has been in vain a few times.
            await ada.OfferAsync(grace, "1");
            await grace.ExpectAsync("offer");
            await alan.SayAsync("still here");
            await joan.ExpectAsync("chat_broadcast");
            await RefusedQuicklyAsync(gateway);
            if (fault == Fault.Stalled)
            {
                await Task.Delay(TimeSpan.FromSeconds(6));
            }

            await HealAsync(gateway, fault);
        }

        // A room of four with four stays full, whoever asks while it is put back.
        var healing = Stopwatch.StartNew();
        var answers = new HashSet<string>();
        while (!answers.Contains("room_full"))
        {
            Assert.True(healing.Elapsed < TimeSpan.FromSeconds(10), string.Join(", ", answers));
            answers.UnionWith(await Task.WhenAll(Enumerable.Range(0, 4).Select(i => TryJoinAsync(gateway, $"p-late{i}", node: i % 2))));
        }

        Assert.Subset(new HashSet<string> { "unavailable", "room_full" }, answers);

        // What goes between nodes goes again, and nobody heard of anything but what was said.
        await ada.OfferAsync(joan, "2");
        await joan.ExpectAsync("offer");
        Assert.DoesNotContain(
            all.SelectMany((one, i) => one.Types.Skip(heard[i])),
            type => type.StartsWith("peer-", StringComparison.Ordinal) || type.StartsWith("record", StringComparison.Ordinal));

        // Whoever takes a place that becomes free finds the room as it was.
        await grace.SendAsync("""{"type":"leave"}""");
        await joan.ExpectAsync("peer-left");
        await using var late = await gateway.JoinAsync(Room, "Late", node: 1);
        Assert.Equal(["p-ada", "p-alan", "p-joan"], late.Welcome["participants"]!.AsArray().Select(p => (string)p!["id"]!).Order());
        Assert.Equal((4, 77), ((int)late.Welcome["policy"]!["max_peers"]!, (int)late.Welcome["policy"]!["ttl_minutes"]!));
        Assert.Equal((long)ada.Welcome["deadline"]!, (long)late.Welcome["deadline"]!);
        Assert.Equal((string?)recording["recording_id"], (string?)late.Welcome["recording"]!["recording_id"]);
    }

    [Fact]
    public async Task Session_OfARoomThatWasPutBackByAnother_ResumesByItsOwnId()
    {
        await using var gateway = await Gateway.StartAsync(nodes: 2, settings: Quick);
        await using var ada = await gateway.JoinAsync(Room, "Ada");
        await using var alan = await gateway.JoinAsync(Room, "Alan", node: 1);
        await ada.ExpectAsync("peer-joined");

        await gateway.Redis.FlushAsync();
        await using var back = await ResumeAsync(gateway, alan);

        Assert.True((bool)back.Welcome["resumed"]!);
        await ada.ExpectAsync("peer-back");
        Assert.DoesNotContain("peer-left", ada.Types);
    }

    [Fact]
    public async Task Redis_ThatWasEmptied_DoesNotLetANewNodeFillAFullRoom()
    {
        await using var gateway = await Gateway.StartAsync(nodes: 1, settings: Quick);
        await using var ada = await gateway.JoinAsync(Room, "Ada", Role.Organizer, wishes: "\"max_peers\":1");
        await gateway.Redis.FlushAsync();

        // Its heartbeat may be the first that Redis gets.
        await gateway.StartNodeAsync();
        var patience = Stopwatch.StartNew();
        string answer;
        do
        {
            answer = await TryJoinAsync(gateway, "p-late", node: 1);
        }
        while (answer == "unavailable" && patience.Elapsed < TimeSpan.FromSeconds(10));

        Assert.Equal("room_full", answer);
    }

    [Fact]
    public async Task Participant_WhoLeftWhileRedisWasAway_IsGoneEverywhereAfterwards()
    {
        await using var gateway = await Gateway.StartAsync(nodes: 2, settings: Quick);
        await using var ada = await gateway.JoinAsync(Room, "Ada");
        await using var alan = await gateway.JoinAsync(Room, "Alan", node: 1);
        await using var joan = await gateway.JoinAsync(Room, "Joan", node: 1);
        await ada.ExpectAsync("peer-joined", frame => (string?)frame["participant"]!["id"] == "p-joan");
        await gateway.Redis.CrashAsync();

        await alan.SendAsync("""{"type":"leave"}""");
        await joan.ExpectAsync("peer-left");
        await gateway.Redis.RestartAsync();

        Assert.Equal("p-alan", (string?)(await ada.ExpectAsync("peer-left"))["id"]);
    }

    private static Task FailAsync(Gateway gateway, Fault fault) => fault switch
    {
        Fault.Killed => gateway.Redis.CrashAsync(),
        Fault.Stalled => gateway.Redis.FreezeAsync(),
        _ => gateway.Redis.FlushAsync(),
    };

    private static Task HealAsync(Gateway gateway, Fault fault) =>
        fault == Fault.Killed ? gateway.Redis.RestartAsync() : gateway.Redis.ThawAsync();

    private static async Task RefusedQuicklyAsync(Gateway gateway)
    {
        var took = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < 8; attempt++)
        {
            var began = Stopwatch.GetTimestamp();
            Assert.Equal("unavailable", await TryJoinAsync(gateway, "p-eager", node: 0));
            var elapsed = Stopwatch.GetElapsedTime(began);
            took = elapsed < took ? elapsed : took;
        }

        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(0.5));
    }

    private static async Task<string> TryJoinAsync(Gateway gateway, string id, int node)
    {
        await using var participant = await gateway.ConnectAsync(node);
        await participant.SendAsync($$"""{"type":"join","token":"{{AuthDouble.Token(Room, id, id, Role.Participant)}}"}""");
        var answer = await participant.ExpectFirstAsync();
        Assert.True((string?)answer["code"] != "unavailable" || (int)answer["retry_after_ms"]! > 0);
        return (string?)answer["code"] ?? (string)answer["type"]!;
    }

    private static async Task<Participant> ResumeAsync(Gateway gateway, Participant older)
    {
        older.Cut();
        while (true)
        {
            var newer = await gateway.ConnectAsync();
            await newer.SendAsync(
                $$"""{"type":"join","token":"{{AuthDouble.Token(Room, "p-alan", "Alan", Role.Participant)}}","resume":"{{older.Resume}}"}""");
            if (await newer.IsWelcomeAsync())
            {
                return newer;
            }

            await newer.DisposeAsync();
        }
    }
}
