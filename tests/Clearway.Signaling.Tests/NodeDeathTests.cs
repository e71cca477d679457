using System.Diagnostics;
using Clearway.Auth.V1;
using Clearway.Signaling.Tests.Driver;
using StackExchange.Redis;

namespace Clearway.Signaling.Tests;

/// <summary>A node that is killed under its participants.</summary>
public class NodeDeathTests
{
    private const string Room = "death";

    [Fact]
    public async Task Participants_OfAKilledNode_ResumeElsewhereWithinSeconds()
    {
        await using var gateway = await Gateway.StartAsync(
            settings:
            [
                ("Signaling:HeartbeatInterval", "00:00:00.500"), ("Signaling:NodeTimeout", "00:00:02"),
                // Nobody waits for frames that a process kept which is no more.
                ("Signaling:HandoverTimeout", "00:00:30"),
            ]);
        await using var dying = await gateway.StartProcessAsync();
        await using var ada = await gateway.JoinAsync(Room, "Ada");
        var there = new List<Participant>();
        for (var i = 0; i < 5; i++)
        {
            there.Add(await Participant.JoinAsync(dying.Address, Room, $"Guest{i}", Role.Participant, $"p-guest{i}"));
            await ada.ExpectAsync("peer-joined");
        }

        using var redis = await ConnectionMultiplexer.ConnectAsync(gateway.Redis.ConnectionString);
        Assert.Equal(2, redis.GetDatabase().SetMembers("clearway:nodes").Length);
        dying.Kill();
        await Eventually.TrueAsync(() => Listening(redis) == 1, "Redis knows that the process has ended");
        var death = Stopwatch.GetTimestamp();
        var back = await Task.WhenAll(there.Select(older => gateway.JoinAsync(Room, older.Id, id: older.Id, resume: older.Resume)));

        Assert.InRange(Stopwatch.GetElapsedTime(death), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        foreach (var resumed in back)
        {
            Assert.True((bool)resumed.Welcome["resumed"]!);
            await ada.OfferAsync(resumed, "1");
            await resumed.ExpectAsync("offer");
        }

        Assert.DoesNotContain("peer-left", ada.Types);
        await Eventually.TrueAsync(() => redis.GetDatabase().SetMembers("clearway:nodes").Length == 1, "the dead node is out of the registry");
        foreach (var participant in there.Concat(back))
        {
            await participant.DisposeAsync();
        }
    }

    [Fact]
    public async Task Room_WhoseOnlyNodeWasKilled_IsChargedThoughNobodyComesBack()
    {
        await using var gateway = await Gateway.StartAsync(
            settings:
            [
                ("Signaling:HeartbeatInterval", "00:00:00.300"), ("Signaling:NodeTimeout", "00:00:01"),
                ("Signaling:SyncInterval", "00:00:00.100"), ("Signaling:ResumeWindow", "00:00:00.500"),
            ]);
        await using var dying = await gateway.StartProcessAsync();
        await using var ada = await Participant.JoinAsync(dying.Address, "alone", "Ada", Role.Participant, "p-ada");
        await using var grace = await Participant.JoinAsync(dying.Address, "alone", "Grace", Role.Participant, "p-grace");

        dying.Kill();

        await Eventually.TrueAsync(() => gateway.Charging.Of("alone").Count == 1, "the room is charged");
        Assert.Equal("2", gateway.Charging.Of("alone")[0]["Peak"]);
        using var redis = await ConnectionMultiplexer.ConnectAsync(gateway.Redis.ConnectionString);
        Assert.Null(redis.GetDatabase().SortedSetScore("clearway:occupied", "alone"));
    }

    private static int Listening(ConnectionMultiplexer redis) =>
        ((RedisResult[])redis.GetDatabase().Execute("PUBSUB", "CHANNELS", "clearway:node:*:link")!).Length;
}
