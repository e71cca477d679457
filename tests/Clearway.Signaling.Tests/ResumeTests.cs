using System.Text.Json.Nodes;
using Clearway.Chat.V1;
using Clearway.Signaling.Protocol;
using Clearway.Signaling.Rooms;
using Clearway.Signaling.Tests.Driver;
using Microsoft.Extensions.DependencyInjection;

namespace Clearway.Signaling.Tests;

/// <summary>Sessions outlive their connections for the resume window.</summary>
public class ResumeTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task Resume_OnAnyNode_BringsTheMissedFramesInOrder(int before, int after)
    {
        var room = $"resume{before}{after}";
        await using var ada = await shared.Gateway.JoinAsync(room, "Ada");
        await using var grace = await shared.Gateway.JoinAsync(room, "Grace", node: before);
        await ada.ExpectAsync("peer-joined");
        grace.Cut();
        await ada.ExpectAsync("peer-away");

        await using var alan = await shared.Gateway.JoinAsync(room, "Alan");
        Assert.Contains(alan.Welcome["participants"]!.AsArray(), p => (string)p!["id"]! == "p-grace" && (bool)p["away"]!);
        for (var i = 0; i < 20; i++)
        {
            await ada.OfferAsync(grace, $"{i}");
        }

        await ada.SayAsync("missed");
        await ada.ExpectAsync("chat_broadcast");
        await using var back = await shared.Gateway.JoinAsync(room, "Grace", node: after, resume: grace.Resume);

        Assert.True((bool)back.Welcome["resumed"]!);
        Assert.NotEqual(grace.Resume, back.Resume);
        Assert.Contains(back.Welcome["participants"]!.AsArray(), p => (string)p!["id"]! == "p-alan");
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(i, (int)(await back.ExpectFirstAsync())["payload"]!);
        }

        Assert.Equal("missed", (string?)(await back.ExpectFirstAsync())["text"]);
        Assert.Equal("p-grace", (string?)(await ada.ExpectAsync("peer-back"))["id"]);
        Assert.DoesNotContain("peer-left", ada.Types);
        await ada.OfferAsync(back, "\"after\"");
        Assert.Equal("after", (string?)(await back.ExpectFirstAsync())["payload"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Join_OfTheSameParticipant_ReplacesTheOlderConnection(int node)
    {
        var room = $"replace{node}";
        await using var ada = await shared.Gateway.JoinAsync(room, "Ada");
        await using var older = await shared.Gateway.JoinAsync(room, "Grace");
        await ada.ExpectAsync("peer-joined");

        await using var newer = await shared.Gateway.JoinAsync(room, "Grace", node: node);

        Assert.Equal(("replaced", 4103), await older.ExpectCloseAsync());
        Assert.False((bool)newer.Welcome["resumed"]!);
        await ada.ExpectAsync("peer-left");
        await ada.ExpectAsync("peer-joined");
        await ada.OfferAsync(newer, "1");
        await newer.ExpectAsync("offer");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Resume_OfAConnectionThatStillStands_TakesOverWithoutANoise(int node)
    {
        var room = $"takeover{node}";
        await using var ada = await shared.Gateway.JoinAsync(room, "Ada");
        await using var older = await shared.Gateway.JoinAsync(room, "Grace");

        await using var newer = await shared.Gateway.JoinAsync(room, "Grace", node: node, resume: older.Resume);

        Assert.True((bool)newer.Welcome["resumed"]!);
        Assert.Equal(("replaced", 4103), await older.ExpectCloseAsync());
        await ada.ExpectAsync("peer-back");
        Assert.DoesNotContain("peer-left", ada.Types);
    }

    [Fact]
    public async Task Resume_OfASessionThatWasNotToldTheHistory_BringsItWhenTheClientLacksIt()
    {
        await using var gateway = await Gateway.StartAsync(nodes: 2);
        gateway.Chat.IsDown = true;
        await using var grace = await gateway.JoinAsync("untold", "Grace");
        await Eventually.TrueAsync(() => gateway.Chat.UntoldPages > 0, "the history was asked for in vain");
        grace.Cut();
        gateway.Chat.IsDown = false;

        await using var back = await gateway.JoinAsync("untold", "Grace", node: 1, resume: grace.Resume, wishes: "\"lacks_history\":true");

        Assert.True((bool)back.Welcome["resumed"]! && (bool)back.Welcome["complete"]!);
        await back.ExpectAsync("chat_history");
    }

    [Fact]
    public async Task Line_TakenFromTheConnectionBefore_IsAcknowledgedToItsSuccessor()
    {
        await using var ada = await shared.Gateway.JoinAsync("successor", "Ada");
        var room = shared.Gateway.Nodes[0].Services.GetRequiredService<RoomDirectory>().Find(new RoomId("successor"))!;

        // The connection before as it is from the handover on: nothing that is posted to it arrives anywhere.
        var before = new Session(
            room.Id,
            new ParticipantId(ada.Id),
            "default",
            "",
            new Presence("Ada", Role.Participant, Audio: false, Video: false, Screen: false),
            outbox: null!,
            TimeProvider.System,
            new SignalingOptions()) { TokenSession = "", TokenExpiresAt = long.MaxValue };
        var line = ServerFrame.ChatBroadcast(new ChatMessage { Id = Guid.NewGuid().ToString(), Text = "said in time" });
        room.Broadcast(line, before, line.WithMember("client_id", "mine"));

        Assert.Equal("mine", (string?)(await ada.ExpectAsync("chat_broadcast"))["client_id"]);
    }

    [Fact]
    public async Task Resume_WithAWrongId_IsANewSession()
    {
        await using var grace = await shared.Gateway.JoinAsync("wrong", "Grace");
        grace.Cut();

        await using var back = await shared.Gateway.JoinAsync("wrong", "Grace", resume: "c-guessed");

        Assert.False((bool)back.Welcome["resumed"]!);
    }

    [Fact]
    public async Task Window_ThatIsOver_EndsTheSession()
    {
        await using var gateway = await Gateway.StartAsync(nodes: 2, settings: ("Signaling:ResumeWindow", "00:00:00.300"));
        await using var ada = await gateway.JoinAsync("window", "Ada");
        await using var grace = await gateway.JoinAsync("window", "Grace", node: 1);
        grace.Cut();

        await ada.ExpectAsync("peer-away");
        var left = await ada.ExpectAsync("peer-left");

        Assert.Equal(("p-grace", "timeout"), ((string)left["id"]!, (string)left["reason"]!));
        await using var late = await gateway.JoinAsync("window", "Grace", node: 1, resume: grace.Resume);
        Assert.False((bool)late.Welcome["resumed"]!);
    }

    [Fact]
    public async Task Session_ForWhichTooMuchCameMeanwhile_Ends()
    {
        await using var ada = await shared.Gateway.JoinAsync("overflow", "Ada");
        await using var grace = await shared.Gateway.JoinAsync("overflow", "Grace", node: 1);
        await ada.ExpectAsync("peer-joined");
        grace.Cut();
        await ada.ExpectAsync("peer-away");

        for (var i = 0; i < 6; i++)
        {
            await ada.OfferAsync(grace, $"\"{new string('x', 60_000)}\"");
        }

        Assert.Equal("timeout", (string?)(await ada.ExpectAsync("peer-left"))["reason"]);
    }

    [Fact]
    public async Task Node_ThatIsKilled_LeavesSessionsThatResumeElsewhereOrTimeOut()
    {
        await using var gateway = await Gateway.StartAsync(
            nodes: 1,
            settings:
            [
                ("Signaling:HeartbeatInterval", "00:00:00.300"), ("Signaling:NodeTimeout", "00:00:01"),
                ("Signaling:SyncInterval", "00:00:00.300"), ("Signaling:ResumeWindow", "00:00:03"),
            ]);
        await using var node = await gateway.StartProcessAsync();
        await using var ada = await gateway.JoinAsync("death", "Ada");
        await using var grace = await Participant.JoinAsync(node.Address, "death", "Grace", Auth.V1.Role.Participant, "p-grace");
        await using var alan = await Participant.JoinAsync(node.Address, "death", "Alan", Auth.V1.Role.Participant, "p-alan");

        node.Kill();

        await ada.ExpectAsync("peer-away", frame => IsOf(frame, "p-grace"));
        await using var back = await gateway.JoinAsync("death", "Grace", resume: grace.Resume);
        Assert.True((bool)back.Welcome["resumed"]!);
        var left = await ada.ExpectAsync("peer-left");
        Assert.Equal(("p-alan", "timeout"), ((string)left["id"]!, (string)left["reason"]!));
    }

    [Fact]
    public async Task Node_ThatStops_SendsItsClientsToAnother()
    {
        await using var gateway = await Gateway.StartAsync(nodes: 2);
        await using var ada = await gateway.JoinAsync("drain", "Ada");
        await using var grace = await gateway.JoinAsync("drain", "Grace", node: 1);
        await ada.ExpectAsync("peer-joined");

        await gateway.Nodes[1].StopAsync();

        Assert.Equal(("server_draining", 4000), await grace.ExpectCloseAsync());
        await ada.ExpectAsync("peer-away");
        await using var back = await gateway.JoinAsync("drain", "Grace", resume: grace.Resume);
        Assert.True((bool)back.Welcome["resumed"]!);
        await ada.ExpectAsync("peer-back");
    }

    private static bool IsOf(JsonObject frame, string id) => (string?)frame["id"] == id;
}
