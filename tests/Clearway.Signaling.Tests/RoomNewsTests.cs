using System.Text;
using Clearway.Signaling.Cluster;
using Clearway.Signaling.Protocol;
using Clearway.Signaling.Rooms;
using Clearway.Signaling.Tests.Driver;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using Role = Clearway.Auth.V1.Role;

namespace Clearway.Signaling.Tests;

/// <summary>What a node concludes by itself hides nothing of what Redis says, in whatever order it hears of it.</summary>
public sealed class RoomNewsTests
{
    private const string Name = "news";

    private static readonly ParticipantId Ada = new("p-ada");
    private static readonly ParticipantId Grace = new("p-grace");
    private static readonly Dictionary<string, string> AlanIsKicked = new() { ["p-alan"] = "p-ada" };

    [Fact]
    public async Task Kick_HeardAfterTheSpeakerLeft_IsObeyed()
    {
        await using var gateway = await Gateway.StartAsync();
        await using var ada = await gateway.JoinAsync(Name, "Ada", Role.Organizer);
        await using var grace = await gateway.JoinAsync(Name, "Grace");
        await using var alan = await gateway.JoinAsync(Name, "Alan");
        await PutGraceOnStageAsync(ada);
        var room = RoomOf(gateway);
        var (orders, revision) = room.Orders;

        room.Take(new ClusterMessage.Removed(room.Id, Grace, revision + 20, "left"));
        room.Take(new ClusterMessage.Ordered(room.Id, new OrdersState(orders with { Kicked = AlanIsKicked }, revision + 10)));

        Assert.Equal(("kicked", 4104), await alan.ExpectCloseAsync());
        await ada.ExpectAsync("force_kick");
        Assert.Single(ada.Types, type => type == "focus_speaker");
        Assert.Equal("", room.Orders.Orders.Speaker);
    }

    [Fact]
    public async Task RecordingAndKick_FoundInRedisWithoutTheSpeakerWhoRecorded_AreTaken()
    {
        await using var gateway = await Gateway.StartAsync(nodes: 2);
        await using var ada = await gateway.JoinAsync(Name, "Ada", Role.Organizer);
        await using var grace = await gateway.JoinAsync(Name, "Grace", Role.Moderator, node: 1);
        await using var alan = await gateway.JoinAsync(Name, "Alan");
        await grace.SendAsync("""{"type":"control_frame","command":"START_RECORD"}""");
        await ada.ExpectAsync("record_started");
        await PutGraceOnStageAsync(ada);
        var room = RoomOf(gateway);
        var (orders, revision) = room.Orders;
        var found = await gateway.Nodes[0].Services.GetRequiredService<Roster>().ReadAsync(room.Id);

        room.Reconcile(found with
        {
            Revision = revision + 30,
            Recording = new RecordingState(new Recording("next", Ada, 1), revision + 10),
            Orders = new OrdersState(orders with { Speaker = "", SpeakerBy = "p-grace", Kicked = AlanIsKicked }, revision + 20),
            Entries = [.. found.Entries.Where(entry => entry.Id == Ada)],
        });

        Assert.Equal("next", (string?)(await ada.ExpectAsync("record_started"))["recording_id"]);
        Assert.Equal(("kicked", 4104), await alan.ExpectCloseAsync());
    }

    [Fact]
    public async Task Participant_WhomRedisKnowsToBeKicked_IsClosedThoughTheNodeNeverHeardOfIt()
    {
        await using var gateway = await Gateway.StartAsync(settings: ("Signaling:SyncInterval", "00:00:00.200"));
        await using var ada = await gateway.JoinAsync(Name, "Ada", Role.Organizer);
        await using var alan = await gateway.JoinAsync(Name, "Alan");
        await using var grace = await gateway.JoinAsync(Name, "Grace");
        await PutGraceOnStageAsync(ada);
        using var redis = await ConnectionMultiplexer.ConnectAsync(gateway.Redis.ConnectionString);
        var database = redis.GetDatabase();

        // With the revision of orders that the node has.
        var orders = RoomOf(gateway).Orders.Orders with { Kicked = AlanIsKicked };
        await database.HashSetAsync($"clearway:room:{{{Name}}}:state", "orders", orders.ToText());
        await database.HashDeleteAsync($"clearway:room:{{{Name}}}:roster", "p-alan");

        Assert.Equal(("kicked", 4104), await alan.ExpectCloseAsync());
        Assert.Equal("kicked", (string?)(await ada.ExpectAsync("peer-left"))["reason"]);
    }

    [Fact]
    public async Task FramesOfAnAttemptThatFailed_AreKeptForTheNext()
    {
        await using var gateway = await Gateway.StartAsync();
        await using var ada = await gateway.JoinAsync(Name, "Ada");
        await using var grace = await gateway.JoinAsync(Name, "Grace");
        grace.Cut();
        await ada.ExpectAsync("peer-away");
        var room = RoomOf(gateway);

        // As they come from another node while Redis is asked whether she may resume.
        var (first, second) = (Attempt(room), Attempt(room));
        room.Expect(first);
        room.Take(Offer(room, 1));
        room.Expect(second);
        room.Take(Offer(room, 2));
        room.Forget(first);
        room.Take(Offer(room, 3));
        room.Forget(second);
        await using var back = await gateway.JoinAsync(Name, "Grace", resume: grace.Resume);

        Assert.True((bool)back.Welcome["complete"]!);
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(i, (int)(await back.ExpectAsync("offer"))["payload"]!);
        }
    }

    [Fact]
    public async Task Presence_ThatChangedWhileRedisWasOutOfReach_IsToldToTheOthersAfterwards()
    {
        await using var gateway = await Gateway.StartAsync(nodes: 2, settings: ("Signaling:SyncInterval", "00:00:00.200"));
        await using var ada = await gateway.JoinAsync(Name, "Ada");
        await using var grace = await gateway.JoinAsync(Name, "Grace", node: 1);
        var room = RoomOf(gateway);

        TakeOwn(room, Ada, entry => entry with { Presence = entry.Presence with { Audio = true, Hand = 7 } });

        var told = (await grace.ExpectAsync("peer-updated"))["participant"]!;
        Assert.Equal(("p-ada", true, 7), ((string?)told["id"], (bool)told["audio"]!, (long)told["hand"]!));
        await ada.SendAsync("""{"type":"media_state","audio":true,"video":true,"screen":false}""");
        told = (await grace.ExpectAsync("peer-updated"))["participant"]!;
        Assert.Equal((true, true, 7), ((bool)told["audio"]!, (bool)told["video"]!, (long)told["hand"]!));
    }

    [Fact]
    public async Task Medium_LockedWhileItsOwnerWasOutOfReach_IsOffAfterwards()
    {
        await using var gateway = await Gateway.StartAsync(nodes: 2, settings: ("Signaling:SyncInterval", "00:00:00.200"));
        await using var ada = await gateway.JoinAsync(Name, "Ada");
        await using var grace = await gateway.JoinAsync(Name, "Grace", Role.Moderator, node: 1);
        using var redis = await ConnectionMultiplexer.ConnectAsync(gateway.Redis.ConnectionString);
        var entry = RosterEntry.Parse(Ada, (await redis.GetDatabase().HashGetAsync(RosterKey, "p-ada"))!);

        // Redis has the lock, of which the node never heard, and the node has the microphone on, of which Redis never heard.
        await redis.GetDatabase().HashSetAsync(
            RosterKey, "p-ada", (entry with { Presence = entry.Presence with { AudioLocked = true } }).ToText());
        TakeOwn(RoomOf(gateway), Ada, own => own with { Presence = own.Presence with { Audio = true, Video = true } });

        foreach (var who in new[] { ada, grace })
        {
            var told = (await who.ExpectAsync("peer-updated", frame => (bool)frame["participant"]!["audio_locked"]!))["participant"]!;
            Assert.Equal((false, true), ((bool)told["audio"]!, (bool)told["video"]!));
        }
    }

    [Fact]
    public async Task Absence_ThatBeganWhileRedisWasOutOfReach_IsTheRoomsAfterwards()
    {
        await using var gateway = await Gateway.StartAsync(settings: ("Signaling:SyncInterval", "00:00:00.200"));
        await using var ada = await gateway.JoinAsync(Name, "Ada");
        await using var grace = await gateway.JoinAsync(Name, "Grace");
        using var redis = await ConnectionMultiplexer.ConnectAsync(gateway.Redis.ConnectionString);
        var present = await redis.GetDatabase().HashGetAsync(RosterKey, "p-grace");
        grace.Cut();
        await ada.ExpectAsync("peer-away");

        await redis.GetDatabase().HashSetAsync(RosterKey, "p-grace", present);

        await Eventually.TrueAsync(
            () => RosterEntry.Parse(Grace, redis.GetDatabase().HashGet(RosterKey, "p-grace")!).IsAway, "Redis knows that she is away");
        Assert.DoesNotContain("peer-back", ada.Types);
    }

    private static string RosterKey => $"clearway:room:{{{Name}}}:roster";

    // As a node does by itself while Redis does not answer.
    private static void TakeOwn(Room room, ParticipantId who, Func<RosterEntry, RosterEntry> change)
    {
        var entry = room.Knowledge()!.Entries.Single(entry => entry.Id == who);
        room.Take(new ClusterMessage.Entered(
            room.Id, change(entry) with { Revision = entry.RevisionAfter(DateTimeOffset.UtcNow.AddMinutes(1)) }));
    }

    private static Room RoomOf(Gateway gateway) =>
        gateway.Nodes[0].Services.GetRequiredService<RoomDirectory>().Find(new RoomId(Name))!;

    private static async Task PutGraceOnStageAsync(Participant ada)
    {
        await ada.SendAsync("""{"type":"control_frame","command":"SET_SPEAKER","target_id":"p-grace"}""");
        await ada.ExpectAsync("focus_speaker");
    }

    // A session that is never opened sends nothing, and needs no connection.
    private static Session Attempt(Room room)
    {
        var presence = new Presence("Grace", Rooms.Role.Participant, Audio: false, Video: false, Screen: false);
        return new Session(room.Id, Grace, "default", "Weekly", presence, outbox: null!, TimeProvider.System, new SignalingOptions())
        {
            TokenSession = "s-p-grace",
            TokenExpiresAt = AuthDouble.ExpiresAt,
        };
    }

    private static ClusterMessage.Deliver Offer(Room room, int payload) =>
        new(room.Id, Grace, IsForwarded: false, ServerFrame.Relay(RelayKind.Offer, Ada, Encoding.UTF8.GetBytes($"{payload}")));
}
