using System.Globalization;
using Clearway.Auth.V1;
using Clearway.Signaling.Tests.Driver;

namespace Clearway.Signaling.Tests;

/// <summary>How long a room goes on, over two nodes, and who may come in.</summary>
public sealed class RoomPolicyTests : IAsyncLifetime
{
    private const long Minute = 60_000;

    // Ahead of the real clock, by which calls to Auth have their deadlines: starting may take long.
    private readonly ManualTime _time = new(DateTimeOffset.UtcNow + TimeSpan.FromHours(1));
    private Gateway? _gateway;

    private Gateway Gateway => _gateway!;

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task InitializeAsync() => _gateway = await Gateway.StartAsync(
        nodes: 2,
        time: _time,
        // Redis counts real time: on a busy machine a node must not seem dead because the test's clock stands.
        settings: [("Signaling:NodeTimeout", "00:10:00")]);

    public async Task DisposeAsync() => await Gateway.DisposeAsync();

    [Fact]
    public async Task Pause_ThenResume_ShiftsTheDeadlineByExactlyThePause()
    {
        await using var ada = await Gateway.JoinAsync("pause", "Ada", Role.Organizer, wishes: "\"ttl_minutes\":30");
        await using var grace = await Gateway.JoinAsync("pause", "Grace", node: 1);
        var deadline = (long)ada.Welcome["deadline"]!;
        _time.Advance(TimeSpan.FromMinutes(10));

        await CommandAsync(ada, "SET_PAUSE");
        var paused = await grace.ExpectAsync("room_paused");
        Assert.Equal(
            ("p-ada", Now, Now + (300 * Minute)), ((string)paused["by"]!, (long)paused["paused_at"]!, (long)paused["deadline"]!));
        var policy = (await grace.ExpectAsync("room_policy"))["policy"]!;
        Assert.Equal(Now, (long)policy["paused_at"]!);
        Assert.Equal(("paused", 32, 0), Advice(policy));
        Assert.Equal(("room_paused", 4111), await RefusedAsync("pause", "Alan", Role.Participant));

        // Three hours: far beyond what the room had left.
        _time.Advance(TimeSpan.FromMinutes(180) + TimeSpan.FromMilliseconds(7));
        await CommandAsync(ada, "RESUME_CONFERENCE");

        var resumed = await grace.ExpectAsync("room_resumed");
        Assert.Equal(deadline + (180 * Minute) + 7, (long)resumed["deadline"]!);
        await ada.ExpectAsync("room_resumed");
        _time.Advance(TimeSpan.FromMinutes(20) - TimeSpan.FromMilliseconds(1));
        await CommandAsync(ada, "LOCK_ROOM");
        await grace.ExpectAsync("room_policy", frame => (bool)frame["policy"]!["locked"]!);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("expired", (string)(await grace.ExpectAsync("room_closed"))["reason"]!);
    }

    [Fact]
    public async Task Pause_ByTwoModeratorsAtOnce_CountsOnce()
    {
        await using var ada = await Gateway.JoinAsync("twice", "Ada", Role.Organizer);
        await using var grace = await Gateway.JoinAsync("twice", "Grace", Role.Moderator, node: 1);
        await ada.ExpectAsync("peer-joined");

        await Task.WhenAll(CommandAsync(ada, "SET_PAUSE"), CommandAsync(grace, "SET_PAUSE"));
        await ada.ExpectAsync("room_paused");
        await CommandAsync(ada, "SET_PAUSE");
        await Eventually.TrueAsync(() => Gateway.Audit.Of("twice").Count == 3, "all three are obeyed");
        _time.Advance(TimeSpan.FromMinutes(1));
        await Task.WhenAll(CommandAsync(ada, "RESUME_CONFERENCE"), CommandAsync(grace, "RESUME_CONFERENCE"));

        var resumed = await ada.ExpectAsync("room_resumed");
        Assert.Equal((long)ada.Welcome["deadline"]! + Minute, (long)resumed["deadline"]!);
        await grace.ExpectAsync("room_resumed");
        await ada.SayAsync("after");
        await grace.ExpectAsync("chat_broadcast");
        await ada.ExpectAsync("chat_broadcast");
        foreach (var type in new[] { "room_paused", "room_resumed" })
        {
            Assert.Equal((1, 1), (ada.Types.Count(one => one == type), grace.Types.Count(one => one == type)));
        }

        await Eventually.TrueAsync(() => Gateway.Audit.Of("twice").Count == 5, "all are recorded");
        Assert.All(Gateway.Audit.Of("twice"), audit => Assert.Null(audit["Code"]));
    }

    [Fact]
    public async Task PausedRoom_ThatNobodyResumes_EndsAfterFiveHours()
    {
        await using var ada = await Gateway.JoinAsync("safety", "Ada", Role.Organizer);
        await CommandAsync(ada, "SET_PAUSE");
        await ada.ExpectAsync("room_paused");

        _time.Advance(TimeSpan.FromHours(5) - TimeSpan.FromMilliseconds(1));
        await ada.SayAsync("still");
        await ada.ExpectAsync("chat_broadcast");
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(("room_expired", 4105), await ada.ExpectCloseAsync());
    }

    [Fact]
    public async Task Extend_MovesTheDeadline_AtMostToThreeHundredMinutesFromNow()
    {
        await using var ada = await Gateway.JoinAsync("extend", "Ada", Role.Organizer, wishes: "\"ttl_minutes\":30");
        await using var grace = await Gateway.JoinAsync("extend", "Grace", node: 1);
        var deadline = (long)ada.Welcome["deadline"]!;

        await ada.SendAsync("""{"type":"control_frame","command":"EXTEND","minutes":15}""");
        var extended = await grace.ExpectAsync("room_policy");
        Assert.Equal((deadline + (15 * Minute), "p-ada"), ((long)extended["deadline"]!, (string)extended["by"]!));
        await ada.SendAsync("""{"type":"control_frame","command":"EXTEND","minutes":300}""");
        Assert.Equal(Now + (300 * Minute), (long)(await grace.ExpectAsync("room_policy"))["deadline"]!);

        await ada.SendAsync("""{"type":"control_frame","command":"EXTEND"}""");
        Assert.Equal("bad_message", (string?)(await ada.ExpectAsync("error"))["code"]);
        await ada.SendAsync("""{"type":"control_frame","command":"EXTEND","minutes":301}""");
        Assert.Equal("bad_message", (string?)(await ada.ExpectAsync("error"))["code"]);
    }

    [Fact]
    public async Task Warnings_ComeOnceADeadline_AndAgainAfterItMoved()
    {
        await using var ada = await Gateway.JoinAsync("warn", "Ada", Role.Organizer, wishes: "\"ttl_minutes\":5");
        await using var first = await Gateway.JoinAsync("warn", "Grace");
        var deadline = (long)ada.Welcome["deadline"]!;
        await ada.SendAsync("""{"type":"control_frame","command":"EXTEND","minutes":5}""");
        await ada.ExpectAsync("room_policy");
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal((deadline + (5 * Minute), 5), Warning(await ada.ExpectAsync("room_expiring")));

        // Coming back is no reason to be warned of the same again.
        first.Cut();
        await ada.ExpectAsync("peer-away");
        await using var grace = await Gateway.JoinAsync("warn", "Grace", resume: first.Resume);
        _time.Advance(TimeSpan.FromMinutes(3));
        await ada.SendAsync("""{"type":"control_frame","command":"EXTEND","minutes":4}""");
        await ada.ExpectAsync("room_policy");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((deadline + (9 * Minute), 5), Warning(await ada.ExpectAsync("room_expiring")));
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal((deadline + (9 * Minute), 1), Warning(await ada.ExpectAsync("room_expiring")));
        Assert.Equal((deadline + (9 * Minute), 5), Warning(await grace.ExpectAsync("room_expiring")));
        _time.Advance(TimeSpan.FromMinutes(1));
        await ada.ExpectCloseAsync();

        Assert.Equal(3, ada.Types.Count(type => type == "room_expiring"));
    }

    [Fact]
    public async Task FullRoom_RefusesEverybodyButTheOrganizer()
    {
        await using (var ada = await Gateway.JoinAsync("full", "Ada", Role.Organizer, wishes: "\"max_peers\":2"))
        {
            await using var passing = await Gateway.JoinAsync("full", "Grace", node: 1);
            await ada.SendAsync("""{"type":"leave"}""");
            await ada.ExpectCloseAsync();
            await passing.ExpectAsync("peer-left");
            await using var alan = await Gateway.JoinAsync("full", "Alan");

            Assert.Equal(("room_full", 4108), await RefusedAsync("full", "Barbara", Role.Moderator));
            await using var again = await Gateway.JoinAsync("full", "Ada", Role.Organizer, node: 1);
            Assert.Equal(2, again.Welcome["participants"]!.AsArray().Count);
            Assert.Equal(("room_full", 4108), await RefusedAsync("full", "Edsger", Role.Participant));
        }
    }

    [Fact]
    public async Task LockedRoom_RefusesNewcomersButNeitherModeratorsNorThoseWhoComeBack()
    {
        await using var ada = await Gateway.JoinAsync("lock", "Ada", Role.Organizer);
        await using var first = await Gateway.JoinAsync("lock", "Grace", node: 1);
        await CommandAsync(ada, "LOCK_ROOM");
        var locked = await first.ExpectAsync("room_policy");
        Assert.True((bool)locked["policy"]!["locked"]!);

        Assert.Equal(("room_locked", 4110), await RefusedAsync("lock", "Alan", Role.Participant));
        await using var barbara = await Gateway.JoinAsync("lock", "Barbara", Role.Moderator, node: 1);
        first.Cut();
        await ada.ExpectAsync("peer-away");
        await using var grace = await Gateway.JoinAsync("lock", "Grace", resume: first.Resume);
        Assert.True((bool)grace.Welcome["resumed"]!);
        await ada.SendAsync("""{"type":"control_frame","command":"LOCK_ROOM","locked":false}""");
        await grace.ExpectAsync("room_policy");
        await using var alan = await Gateway.JoinAsync("lock", "Alan");
    }

    [Fact]
    public async Task EndRoom_ByTheOrganizer_ClosesEverybodyForGood()
    {
        await using var ada = await Gateway.JoinAsync("end", "Ada", Role.Organizer);
        await using var grace = await Gateway.JoinAsync("end", "Grace", Role.Moderator, node: 1);
        await CommandAsync(grace, "END_ROOM");
        Assert.Equal("role_forbidden", (string?)(await grace.ExpectAsync("error"))["code"]);

        await CommandAsync(ada, "END_ROOM");

        foreach (var who in new[] { ada, grace })
        {
            Assert.Equal("ended", (string)(await who.ExpectAsync("room_closed"))["reason"]!);
            Assert.Equal(("room_ended", 4105), await who.ExpectCloseAsync());
        }

        Assert.Equal(("room_ended", 4105), await RefusedAsync("end", "Ada", Role.Organizer));
    }

    [Fact]
    public async Task Advice_AboveFifteenParticipants_ComesAndGoesOnBothNodes()
    {
        await using var ada = await Gateway.JoinAsync("crowd", "Ada", Role.Organizer);
        Assert.Null(ada.Welcome["policy"]!["advice"]);
        var crowd = new List<Participant>();
        for (var i = 2; i <= 16; i++)
        {
            crowd.Add(await Gateway.JoinAsync("crowd", "Guest" + i, node: i % 2));
        }

        Assert.Equal(("participants", 32, 150), Advice(crowd[^1].Welcome["policy"]!));
        Assert.Equal(("participants", 32, 150), Advice((await ada.ExpectAsync("room_policy"))["policy"]!));
        Assert.Equal(("participants", 32, 150), Advice((await crowd[1].ExpectAsync("room_policy"))["policy"]!));
        await crowd[0].SendAsync("""{"type":"leave"}""");
        Assert.Null((await ada.ExpectAsync("room_policy"))["policy"]!["advice"]);

        foreach (var guest in crowd)
        {
            await guest.DisposeAsync();
        }
    }

    [Fact]
    public async Task Room_OpenedByAGuest_HasThePolicyOfTheToken()
    {
        await using var grace = await Gateway.ConnectAsync();
        await grace.SendAsync(Join(AuthDouble.Token("signed", "p-grace", "Grace", Role.Participant, opening: "7,42")));

        var welcome = await grace.ExpectAsync("welcome");

        Assert.Equal((7, 42), ((int)welcome["policy"]!["max_peers"]!, (int)welcome["policy"]!["ttl_minutes"]!));
        Assert.Equal(Now + (42 * Minute), (long)welcome["deadline"]!);
    }

    [Fact]
    public async Task Room_ThatEmptied_IsChargedOnceForWhatItUsedAndMayBeEnteredAgain()
    {
        // The clock may be moved on while a frame is waited for, so what was used lies between two sums.
        double MinutesNow() => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMinutes;
        var least = 0.0;
        var before = MinutesNow();
        double beforeGrace;
        long deadline;
        await using (var ada = await Gateway.JoinAsync("charge", "Ada", Role.Organizer))
        {
            deadline = (long)ada.Welcome["deadline"]!;
            var adaIsIn = MinutesNow();
            _time.Advance(TimeSpan.FromMinutes(2));
            beforeGrace = MinutesNow();
            await using var grace = await Gateway.JoinAsync("charge", "Grace", node: 1);
            await ada.ExpectAsync("peer-joined");
            var graceIsIn = MinutesNow();
            _time.Advance(TimeSpan.FromMinutes(3));
            least += MinutesNow() - graceIsIn;
            await grace.SendAsync("""{"type":"leave"}""");
            await ada.ExpectAsync("peer-left");
            _time.Advance(TimeSpan.FromMinutes(1));
            least += MinutesNow() - adaIsIn;
            await ada.SendAsync("""{"type":"leave"}""");
            await ada.ExpectCloseAsync();
        }

        await Eventually.TrueAsync(() => Gateway.Charging.Of("charge").Count == 1, "the room is charged");

        // Who leaves is charged when Redis hears of it, and the others may be told before.
        var most = (MinutesNow() - before) + (MinutesNow() - beforeGrace);
        var record = Gateway.Charging.Of("charge")[0];
        Assert.Equal(("default", "2"), (record["Tenant"], record["Peak"]));
        Assert.InRange(double.Parse(record["ParticipantMinutes"]!, CultureInfo.InvariantCulture), least - 0.1, most + 0.1);
        Assert.True(least >= 9);

        _time.Advance(TimeSpan.FromMinutes(4));
        await using var again = await Gateway.JoinAsync("charge", "Ada", Role.Organizer);
        Assert.Equal(deadline, (long)again.Welcome["deadline"]!);
        _time.Advance(TimeSpan.FromMinutes(20));
        await again.ExpectCloseAsync();
        await Eventually.TrueAsync(() => Gateway.Charging.Of("charge").Count == 2, "the second time is charged as well");
        Assert.Equal(("1", "20"), (Gateway.Charging.Of("charge")[1]["Peak"], Gateway.Charging.Of("charge")[1]["ParticipantMinutes"]));
    }

    [Fact]
    public async Task PausedRoom_OverARestartOfItsNodeAndOfRedis_GoesOnWithWhatItHadLeft()
    {
        await using var gateway = await Gateway.StartAsync(settings:
        [
            ("Signaling:SyncInterval", "00:00:00.300"), ("Signaling:HeartbeatInterval", "00:00:00.300"),
            ("Signaling:RedisTimeout", "00:00:00.500"), ("Signaling:RebuildGrace", "00:00:01"),
        ]);
        await using var first = await gateway.JoinAsync("restart", "Ada", Role.Organizer, wishes: "\"ttl_minutes\":30");
        var deadline = (long)first.Welcome["deadline"]!;
        await CommandAsync(first, "SET_PAUSE");
        var paused = await first.ExpectAsync("room_paused");
        await CommandAsync(first, "LOCK_ROOM");
        await first.ExpectAsync("room_policy", frame => (bool)frame["policy"]!["locked"]!);

        var node = await gateway.StartNodeAsync();
        await gateway.Nodes[0].StopAsync();
        await using var ada = await Participant.JoinAsync(node.Address, "restart", "Ada", Role.Organizer, "p-ada", first.Resume);
        Assert.Equal((long)paused["deadline"]!, (long)ada.Welcome["deadline"]!);
        await gateway.Redis.CrashAsync();
        await gateway.Redis.RestartAsync();

        // Refused until Redis is back and knows the room again.
        var answer = paused;
        await Eventually.TrueAsync(
            async () =>
            {
                await CommandAsync(ada, "RESUME_CONFERENCE");
                answer = await ada.ExpectFirstAsync();
                return (string?)answer["type"] == "room_resumed";
            },
            "the room goes on");
        var resumed = (long)answer["deadline"]!;
        var policy = (await ada.ExpectAsync("room_policy"))["policy"]!;
        Assert.Equal((0, true, 30), ((long)policy["paused_at"]!, (bool)policy["locked"]!, (int)policy["ttl_minutes"]!));
        Assert.InRange(resumed - deadline, 1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (long)paused["paused_at"]!);
    }

    private static Task CommandAsync(Participant by, string command) =>
        by.SendAsync($$"""{"type":"control_frame","command":"{{command}}"}""");

    private static string Join(string token) => $$"""{"type":"join","token":"{{token}}"}""";

    private static (string?, int, int) Advice(System.Text.Json.Nodes.JsonNode policy) => (
        (string?)policy["advice"]!["reason"], (int)policy["advice"]!["audio_kbps"]!, (int)policy["advice"]!["video_kbps"]!);

    private static (long, int) Warning(System.Text.Json.Nodes.JsonObject frame) => ((long)frame["deadline"]!, (int)frame["minutes_left"]!);

    private async Task<(string? Code, int Status)> RefusedAsync(string room, string name, Role role)
    {
        await using var late = await Gateway.ConnectAsync(node: 1);
        await late.SendAsync(Join(AuthDouble.Token(room, "p-" + name.ToLowerInvariant(), name, role)));
        return await late.ExpectCloseAsync();
    }
}
