using System.Diagnostics;
using Clearway.Signaling.Cluster;
using Clearway.Signaling.Rooms;
using Clearway.Signaling.Tests.Driver;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using Role = Clearway.Auth.V1.Role;
using RoomPolicy = Clearway.Signaling.Rooms.RoomPolicy;

namespace Clearway.Signaling.Tests;

/// <summary>Redis away or emptied under calls on two nodes.</summary>
public sealed class RedisLossTests
{
    private const string Room = "loss";

    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRebuild = TimeSpan.FromSeconds(10);

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
    public async Task Redis_ThatFails_LeavesCallsAlone_IsFilledWithinTenSeconds_AndNoRoomIsOverfilled(Fault fault)
    {
        // With the times that nodes have by default.
        await using var gateway = await Gateway.StartAsync(nodes: 2);
        await using var ada = await gateway.JoinAsync(Room, "Ada", Role.Organizer, wishes: "\"max_peers\":4,\"ttl_minutes\":77");
        await using var grace = await gateway.JoinAsync(Room, "Grace");
        await using var alan = await gateway.JoinAsync(Room, "Alan", node: 1);
        await using var joan = await gateway.JoinAsync(Room, "Joan", node: 1);
        await ada.ExpectAsync("peer-joined", frame => (string?)frame["participant"]!["id"] == "p-joan");
        await ada.SendAsync("""{"type":"control_frame","command":"START_RECORD"}""");
        Participant[] all = [ada, grace, alan, joan];
        var recordings = await Task.WhenAll(all.Select(one => one.ExpectAsync("record_started")));
        var heard = all.Select(one => one.Types.Count).ToList();

        await FailAsync(gateway, fault);
        var rounds = 0;
        if (fault != Fault.Flushed)
        {
            var call = CallGoesOnAsync(ada, grace, alan, joan);
            await RefusedQuicklyAsync(gateway, during: call);
            rounds = await call;
            await HealAsync(gateway, fault);
        }

        // A room of four with four stays full, whoever asks while it is put back.
        var healing = Stopwatch.StartNew();
        var answers = new HashSet<string>();
        while (!answers.Contains("room_full"))
        {
            Assert.True(healing.Elapsed < LongestRebuild, string.Join(", ", answers));
            answers.UnionWith(await TryJoinAsync(gateway, newcomers: 4));
        }

        Assert.Subset(new HashSet<string> { "unavailable", "room_full" }, answers);

        // What was said to the other node meanwhile comes now, once and in order, and nobody heard of anything but what was said.
        await ada.OfferAsync(joan, $"{rounds}");
        for (var i = 0; i <= rounds; i++)
        {
            Assert.Equal(i, (int)(await joan.ExpectAsync("offer"))["payload"]!);
        }

        for (var i = 0; i < rounds; i++)
        {
            Assert.Equal($"still here {i}", (string?)(await ada.ExpectAsync("chat_broadcast"))["text"]);
        }

        Assert.DoesNotContain(
            all.SelectMany((one, i) => one.Types.Skip(heard[i])),
            type => type.StartsWith("peer-", StringComparison.Ordinal) || type.StartsWith("record", StringComparison.Ordinal));

        // One place becomes free: whoever takes it finds the room as it was, and nobody else comes in.
        await grace.SendAsync("""{"type":"leave"}""");
        await joan.ExpectAsync("peer-left");
        await using var late = await gateway.JoinAsync(Room, "Late", node: 1);
        Assert.Equal(["p-ada", "p-alan", "p-joan"], late.Welcome["participants"]!.AsArray().Select(p => (string)p!["id"]!).Order());
        Assert.Equal((4, 77), ((int)late.Welcome["policy"]!["max_peers"]!, (int)late.Welcome["policy"]!["ttl_minutes"]!));
        Assert.Equal((long)ada.Welcome["deadline"]!, (long)late.Welcome["deadline"]!);
        Assert.Equal((string?)recordings[0]["recording_id"], (string?)late.Welcome["recording"]?["recording_id"]);
        Assert.Equal(["room_full"], (await TryJoinAsync(gateway, newcomers: 8)).Distinct());
    }

    [Fact]
    public async Task Redis_FilledByANodeThatMissedAChange_KeepsWhatOthersKnow()
    {
        await using var gateway = await Gateway.StartAsync(settings: Quick);
        await using var ada = await gateway.JoinAsync(Room, "Ada", Role.Organizer, wishes: "\"ttl_minutes\":77");
        await ada.SendAsync("""{"type":"control_frame","command":"START_RECORD"}""");
        await ada.ExpectAsync("record_started");
        await ada.SendAsync("""{"type":"control_frame","command":"GLOBAL_MUTE_AUDIO","locked":true}""");
        await ada.ExpectAsync("force_mute");
        var services = gateway.Nodes[0].Services;
        var microseconds = (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 1_000) * 1_000;

        // It has seen the newest revision, and of neither the recording nor the order.
        await services.GetRequiredService<Roster>().RebuildAsync(
            new RoomId(Room),
            new RoomKnowledge(
                microseconds,
                new PolicyState(new RoomPolicy(3, 30), Revision: 1),
                default,
                new OrdersState(RoomOrders.None, Revision: 1),
                []),
            services.GetRequiredService<RedisEpoch>().Known);

        await gateway.StartNodeAsync();
        await using var late = await gateway.JoinAsync(Room, "Late", node: 1);
        Assert.Equal("p-ada", (string?)late.Welcome["recording"]?["by"]);
        Assert.Equal(77, (int)late.Welcome["policy"]!["ttl_minutes"]!);
        Assert.True((bool)late.Welcome["audio_locked"]!);
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
        await using var alan = await gateway.JoinAsync(Room, "Alan", Role.Moderator, node: 1);
        await using var joan = await gateway.JoinAsync(Room, "Joan", node: 1);
        await ada.ExpectAsync("peer-joined", frame => (string?)frame["participant"]!["id"] == "p-joan");
        await alan.SendAsync("""{"type":"control_frame","command":"START_RECORD"}""");
        await ada.ExpectAsync("record_started");
        await joan.ExpectAsync("record_started");
        await gateway.Redis.CrashAsync();

        await alan.SendAsync("""{"type":"leave"}""");
        await joan.ExpectAsync("record_stopped");
        await gateway.Redis.RestartAsync();

        // In any order: the end of the recording may be found in Redis before the participant is taken out there.
        await Eventually.TrueAsync(() => ada.Types.Contains("record_stopped") && ada.Types.Contains("peer-left"), "both are told");
        Assert.Contains("peer-left", joan.Types);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Participant_WhoLeavesWhileNodesPutBack_IsGoneThoughOneStillPutsThemBack(bool isPutBackBefore)
    {
        await using var gateway = await Gateway.StartAsync(nodes: 2, settings: Quick);
        await using var ada = await gateway.JoinAsync(Room, "Ada");
        await using var alan = await gateway.JoinAsync(Room, "Alan", node: 1);
        await ada.ExpectAsync("peer-joined");
        using var redis = await ConnectionMultiplexer.ConnectAsync(gateway.Redis.ConnectionString);
        var database = redis.GetDatabase();
        var services = gateway.Nodes[0].Services;
        var knowledge = services.GetRequiredService<RoomDirectory>().Find(new RoomId(Room))!.Knowledge()!;

        // As while a node is awaited that has not told yet what it knows.
        await database.HashSetAsync("clearway:epoch", "complete_at", long.MaxValue / 2);
        if (!isPutBackBefore)
        {
            await database.HashDeleteAsync($"clearway:room:{{{Room}}}:roster", "p-alan");
        }

        await alan.SendAsync("""{"type":"leave"}""");
        await Eventually.TrueAsync(
            () => gateway.Nodes[1].Services.GetRequiredService<RoomDirectory>().Find(new RoomId(Room)) is null, "the node has let go of it");
        await services.GetRequiredService<Roster>().RebuildAsync(
            new RoomId(Room), knowledge, services.GetRequiredService<RedisEpoch>().Known);
        await database.HashSetAsync("clearway:epoch", "complete_at", 0);

        await ada.ExpectAsync("peer-left");
        await Eventually.TrueAsync(() => !database.HashExists($"clearway:room:{{{Room}}}:roster", "p-alan"), "the place is free");
    }

    [Fact]
    public async Task Redis_FilledByANodeThatMissedAKick_KeepsOutWhoWasKicked()
    {
        await using var gateway = await Gateway.StartAsync(settings: Quick);
        await using var ada = await gateway.JoinAsync(Room, "Ada", Role.Organizer);
        await using var alan = await gateway.JoinAsync(Room, "Alan");
        var services = gateway.Nodes[0].Services;
        var knowledge = services.GetRequiredService<RoomDirectory>().Find(new RoomId(Room))!.Knowledge()!;
        await ada.SendAsync("""{"type":"control_frame","command":"KICK_PEER","target_id":"p-alan"}""");
        await alan.ExpectCloseAsync();

        await services.GetRequiredService<Roster>().RebuildAsync(
            new RoomId(Room), knowledge, services.GetRequiredService<RedisEpoch>().Known);

        using var redis = await ConnectionMultiplexer.ConnectAsync(gateway.Redis.ConnectionString);
        Assert.Equal(["p-ada"], redis.GetDatabase().HashKeys($"clearway:room:{{{Room}}}:roster").Select(key => (string?)key));
    }

    private static Task FailAsync(Gateway gateway, Fault fault) => fault switch
    {
        Fault.Killed => gateway.Redis.CrashAsync(),
        Fault.Stalled => gateway.Redis.FreezeAsync(),
        _ => gateway.Redis.FlushAsync(),
    };

    private static Task HealAsync(Gateway gateway, Fault fault) =>
        fault == Fault.Killed ? gateway.Redis.RestartAsync() : gateway.Redis.ThawAsync();

    // Offers and lines within each of the nodes, over the whole outage, and as many to the other node.
    private static async Task<int> CallGoesOnAsync(Participant ada, Participant grace, Participant alan, Participant joan)
    {
        var outage = Stopwatch.StartNew();
        var round = 0;
        for (; outage.Elapsed < Outage; round++)
        {
            var i = round;
            await ada.OfferAsync(joan, $"{i}");
            await ada.OfferAsync(grace, $"{i}");
            await grace.ExpectAsync("offer", frame => (int)frame["payload"]! == i);
            await alan.SayAsync($"still here {i}");
            await joan.ExpectAsync("chat_broadcast", frame => (string)frame["text"]! == $"still here {i}");
            await Task.Delay(new SignalingOptions().ChatInterval + TimeSpan.FromMilliseconds(50));
        }

        return round;
    }

    // Who asks to join is told at once when it has been in vain a few times.
    private static async Task RefusedQuicklyAsync(Gateway gateway, Task during)
    {
        var took = TimeSpan.MaxValue;
        do
        {
            var began = Stopwatch.GetTimestamp();
            Assert.Equal("unavailable", await TryJoinAsync(gateway, "p-eager", node: 0));
            var elapsed = Stopwatch.GetElapsedTime(began);
            took = elapsed < took ? elapsed : took;
            await Task.WhenAny(during, Task.Delay(TimeSpan.FromMilliseconds(100)));
        }
        while (!during.IsCompleted);

        await during;
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(0.5));
    }

    private static Task<string[]> TryJoinAsync(Gateway gateway, int newcomers) =>
        Task.WhenAll(Enumerable.Range(0, newcomers).Select(i => TryJoinAsync(gateway, $"p-late{i}", node: i % 2)));

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
