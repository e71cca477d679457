using System.Text.Json.Nodes;
using Clearway.Signaling.Tests.Driver;
using StackExchange.Redis;
using Role = Clearway.Auth.V1.Role;

namespace Clearway.Signaling.Tests;

/// <summary>Orders about participants hold whatever the target does, on whichever node it is.</summary>
public class ModerationTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const string Unmuted = """{"type":"media_state","audio":true,"video":true,"screen":false}""";
    private const string Silent = """{"type":"media_state","audio":false,"video":true,"screen":false}""";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task MuteAudio_WithLock_HoldsAgainstAClientThatGoesOnSending(int node)
    {
        var room = $"mute{node}";
        await using var ada = await shared.Gateway.JoinAsync(room, "Ada", Role.Organizer);
        await using var grace = await shared.Gateway.JoinAsync(room, "Grace", node: node);
        await grace.SendAsync(Unmuted);
        await ada.ExpectAsync("peer-updated", IsAudio(true));

        await OrderAsync(ada, "MUTE_AUDIO", "\"target_id\":\"p-grace\",\"locked\":true");

        foreach (var who in new[] { ada, grace })
        {
            var mute = await who.ExpectAsync("force_mute");
            Assert.Equal(
                ("p-grace", "audio", true, "p-ada"),
                ((string)mute["target_id"]!, (string)mute["media"]!, (bool)mute["locked"]!, (string)mute["by"]!));
            var muted = (await who.ExpectAsync("peer-updated"))["participant"]!;
            Assert.Equal((false, true, true), ((bool)muted["audio"]!, (bool)muted["video"]!, (bool)muted["audio_locked"]!));
        }

        await grace.SendAsync(Unmuted);
        Assert.Equal("muted_by_moderator", await ErrorAsync(grace));
        await grace.SendAsync(Silent);
        await using var alan = await shared.Gateway.JoinAsync(room, "Alan", node: 1 - node);
        var seen = alan.Welcome["participants"]!.AsArray().Single(one => (string)one!["id"]! == "p-grace")!;
        Assert.Equal((false, true), ((bool)seen["audio"]!, (bool)seen["audio_locked"]!));

        await OrderAsync(ada, "ALLOW_AUDIO", "\"target_id\":\"p-grace\"");
        Assert.Equal("p-grace", (string?)(await grace.ExpectAsync("allow_media"))["target_id"]);
        await grace.SendAsync(Unmuted);
        await alan.ExpectAsync("peer-updated", IsAudio(true));
    }

    [Theory]
    [InlineData("MUTE_AUDIO")]
    [InlineData("GLOBAL_MUTE_VIDEO")]
    [InlineData("ALLOW_AUDIO")]
    [InlineData("SET_SPEAKER")]
    [InlineData("KICK_PEER")]
    public async Task Order_WithProof_ReachesEverybodyWithIt(string command)
    {
        var room = $"proof{command}";
        await using var ada = await shared.Gateway.JoinAsync(room, "Ada", Role.Moderator);
        await using var grace = await shared.Gateway.JoinAsync(room, "Grace", node: 1);
        var target = command.StartsWith("GLOBAL", StringComparison.Ordinal) ? null : "p-grace";

        await OrderAsync(ada, command, $"\"locked\":true,\"proof\":\"a.b.c.1.d\"" + (target is null ? "" : $",\"target_id\":\"{target}\""));

        foreach (var who in new[] { ada, grace })
        {
            var order = await who.ExpectAsync("order");
            Assert.Equal(
                (command, target, true, "p-ada", "a.b.c.1.d"),
                ((string)order["command"]!, (string?)order["target_id"], (bool)order["locked"]!, (string)order["by"]!, (string)order["proof"]!));
        }
    }

    [Fact]
    public async Task MuteAudio_WithoutLock_MayBeUndoneByTheTarget()
    {
        await using var ada = await shared.Gateway.JoinAsync("unlocked", "Ada", Role.Moderator);
        await using var grace = await shared.Gateway.JoinAsync("unlocked", "Grace", node: 1);
        await grace.SendAsync(Unmuted);
        await ada.ExpectAsync("peer-updated", IsAudio(true));
        await OrderAsync(ada, "MUTE_AUDIO", "\"target_id\":\"p-grace\"");
        Assert.False((bool)(await grace.ExpectAsync("force_mute"))["locked"]!);
        await ada.ExpectAsync("peer-updated", IsAudio(false));

        await grace.SendAsync(Unmuted);

        await ada.ExpectAsync("peer-updated", IsAudio(true));
    }

    [Fact]
    public async Task MuteVideo_WithLock_HoldsOverResumeLeavingAndJoiningAgain()
    {
        await using var ada = await shared.Gateway.JoinAsync("again", "Ada", Role.Organizer);
        await using var grace = await shared.Gateway.JoinAsync("again", "Grace", node: 1);
        grace.Cut();
        await ada.ExpectAsync("peer-away");

        await OrderAsync(ada, "MUTE_VIDEO", "\"target_id\":\"p-grace\",\"locked\":true");
        await ada.ExpectAsync("force_mute");
        await using var resumed = await shared.Gateway.JoinAsync("again", "Grace", resume: grace.Resume);

        Assert.Equal((true, true, false), OwnState(resumed));
        await resumed.SendAsync(Unmuted);
        Assert.Equal("muted_by_moderator", await ErrorAsync(resumed));
        await resumed.SendAsync("""{"type":"leave"}""");
        await ada.ExpectAsync("peer-left");
        await using var anew = await shared.Gateway.JoinAsync("again", "Grace", node: 1);
        Assert.Equal((false, true, false), OwnState(anew));
        Assert.True((bool)(await ada.ExpectAsync("peer-joined"))["participant"]!["video_locked"]!);
        await anew.SendAsync(Unmuted);
        Assert.Equal("muted_by_moderator", await ErrorAsync(anew));
    }

    [Fact]
    public async Task GlobalMuteAudio_WithLock_HoldsForAllButModeratorsAndForWhoComesLater()
    {
        await using var ada = await shared.Gateway.JoinAsync("global", "Ada", Role.Organizer);
        await using var grace = await shared.Gateway.JoinAsync("global", "Grace", node: 1);
        await using var alan = await shared.Gateway.JoinAsync("global", "Alan", Role.Moderator, node: 1);

        await OrderAsync(alan, "GLOBAL_MUTE_AUDIO", "\"locked\":true");
        foreach (var who in new[] { ada, grace, alan })
        {
            var mute = await who.ExpectAsync("force_mute");
            Assert.Equal((null, true), ((string?)mute["target_id"], (bool)mute["locked"]!));
        }

        await grace.SendAsync(Unmuted);
        Assert.Equal("muted_by_moderator", await ErrorAsync(grace));
        await using var edsger = await shared.Gateway.JoinAsync("global", "Edsger");
        await edsger.SendAsync(Unmuted);
        Assert.Equal("muted_by_moderator", await ErrorAsync(edsger));
        await alan.SendAsync(Unmuted);
        Assert.Equal("p-alan", (string)(await ada.ExpectAsync("peer-updated", IsAudio(true)))["participant"]!["id"]!);

        // One is allowed to speak while the others are not; then all are.
        await OrderAsync(ada, "ALLOW_AUDIO", "\"target_id\":\"p-grace\"");
        await grace.ExpectAsync("allow_media");
        await grace.SendAsync(Unmuted);
        await ada.ExpectAsync("peer-updated", IsAudio(true));
        await edsger.SendAsync(Unmuted);
        Assert.Equal("muted_by_moderator", await ErrorAsync(edsger));
        await OrderAsync(ada, "ALLOW_AUDIO", "\"reason\":\"discussion\"");
        Assert.Null((string?)(await edsger.ExpectAsync("allow_media", allow => allow["target_id"] is null))["target_id"]);
        await edsger.SendAsync(Unmuted);
        Assert.Equal("p-edsger", (string)(await ada.ExpectAsync("peer-updated", IsAudio(true)))["participant"]!["id"]!);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task KickPeer_OnEitherNode_ClosesTheTargetForGood(int node)
    {
        var room = $"kick{node}";
        await using var ada = await shared.Gateway.JoinAsync(room, "Ada", Role.Organizer);
        await using var grace = await shared.Gateway.JoinAsync(room, "Grace", Role.Moderator, node: node);
        await using var alan = await shared.Gateway.JoinAsync(room, "Alan", node: 1 - node);
        await grace.SendAsync("""{"type":"control_frame","command":"START_RECORD"}""");
        await alan.ExpectAsync("record_started");

        await OrderAsync(ada, "KICK_PEER", "\"target_id\":\"p-grace\",\"reason\":\"spam\"");
        await ada.SayAsync("done");

        Assert.Equal(("kicked", 4104), await grace.ExpectCloseAsync());
        Assert.Contains("force_kick", grace.Types);
        foreach (var who in new[] { ada, alan })
        {
            var kick = await who.ExpectAsync("force_kick");
            Assert.Equal(("p-grace", "p-ada"), ((string)kick["target_id"]!, (string)kick["by"]!));
            Assert.Equal("kicked", (string?)(await who.ExpectAsync("peer-left"))["reason"]);
            await who.ExpectAsync("record_stopped");
        }

        for (var to = 0; to < 2; to++)
        {
            Assert.Equal(("kicked", 4104), await RefusedJoinAsync(room, to, resume: null));
            Assert.Equal(("kicked", 4104), await RefusedJoinAsync(room, to, grace.Resume));
        }

        await ada.ExpectAsync("chat_broadcast");
        var audit = Assert.Single(shared.Gateway.Audit.Of(room), happened => happened["Command"] == "KICK_PEER");
        Assert.Equal((200, "p-grace", "spam"), (audit.Id, audit["Target"], audit["Reason"]));
    }

    [Fact]
    public async Task KickPeer_OfSomebodyAway_EndsTheSession()
    {
        await using var ada = await shared.Gateway.JoinAsync("kickaway", "Ada", Role.Organizer);
        await using var grace = await shared.Gateway.JoinAsync("kickaway", "Grace", node: 1);
        grace.Cut();
        await ada.ExpectAsync("peer-away");

        await OrderAsync(ada, "KICK_PEER", "\"target_id\":\"p-grace\"");

        Assert.Equal("kicked", (string?)(await ada.ExpectAsync("peer-left"))["reason"]);
        Assert.Equal(("kicked", 4104), await RefusedJoinAsync("kickaway", 1, grace.Resume));
    }

    [Theory]
    [InlineData("KICK_PEER", "p-organizer", "target_forbidden")]
    [InlineData("MUTE_AUDIO", "p-organizer", "target_forbidden")]
    [InlineData("MUTE_VIDEO", "p-organizer", "target_forbidden")]
    [InlineData("ALLOW_VIDEO", "p-organizer", "target_forbidden")]
    [InlineData("SET_SPEAKER", "p-organizer", "target_forbidden")]
    [InlineData("KICK_PEER", "p-moderator", "target_forbidden")]
    [InlineData("MUTE_AUDIO", "p-moderator", null)]
    [InlineData("KICK_PEER", "p-nobody", "target_unknown")]
    [InlineData("SET_SPEAKER", "p-nobody", "target_unknown")]
    [InlineData("ALLOW_AUDIO", "p-nobody", "target_unknown")]
    [InlineData("MUTE_AUDIO", null, "bad_message")]
    public async Task Order_OfAModeratorAboutSomebody_IsRefusedWhereItMayNotBe(string command, string? target, string? code)
    {
        var room = $"target-{command}-{target}".ToLowerInvariant();
        await using var organizer = await shared.Gateway.JoinAsync(room, "Organizer", Role.Organizer);
        await using var moderator = await shared.Gateway.JoinAsync(room, "Moderator", Role.Moderator, node: 1);

        await OrderAsync(moderator, command, target is null ? "\"locked\":true" : $"\"target_id\":\"{target}\"");

        if (code is null)
        {
            await organizer.ExpectAsync("force_mute");
        }
        else
        {
            Assert.Equal(code, await ErrorAsync(moderator));
        }

        // What comes after the order in the same connection finds it recorded.
        await moderator.SayAsync("done");
        await organizer.ExpectAsync("chat_broadcast");
        Assert.Equal(code, Assert.Single(shared.Gateway.Audit.Of(room))["Code"]);
    }

    [Fact]
    public async Task SetSpeaker_IsKnownToAll_AndEndsWhenTheSpeakerLeaves()
    {
        await using var ada = await shared.Gateway.JoinAsync("stage", "Ada", Role.Organizer);
        await using var grace = await shared.Gateway.JoinAsync("stage", "Grace", node: 1);
        Assert.Null((string?)ada.Welcome["speaker"]);

        await OrderAsync(ada, "SET_SPEAKER", "\"target_id\":\"p-grace\"");
        foreach (var who in new[] { ada, grace })
        {
            var focus = await who.ExpectAsync("focus_speaker");
            Assert.Equal(("p-grace", "p-ada"), ((string)focus["id"]!, (string)focus["by"]!));
        }

        await using var alan = await shared.Gateway.JoinAsync("stage", "Alan", node: 1);
        Assert.Equal("p-grace", (string?)alan.Welcome["speaker"]);
        await grace.SendAsync("""{"type":"leave"}""");
        foreach (var who in new[] { ada, alan })
        {
            Assert.Equal("p-grace", (string?)(await who.ExpectAsync("reset_speaker"))["by"]);
        }

        await using var edsger = await shared.Gateway.JoinAsync("stage", "Edsger");
        Assert.Null((string?)edsger.Welcome["speaker"]);
        await OrderAsync(ada, "SET_SPEAKER", "\"target_id\":\"p-alan\"");
        await alan.ExpectAsync("focus_speaker");
        await OrderAsync(ada, "RESET_SPEAKER", "\"reason\":\"\"");
        Assert.Equal("p-ada", (string?)(await edsger.ExpectAsync("reset_speaker"))["by"]);
    }

    [Fact]
    public async Task Observer_SendsNoMediaButRaisesAHandAndChats()
    {
        await using var ada = await shared.Gateway.JoinAsync("observer", "Ada", Role.Organizer);
        await using var grace = await shared.Gateway.JoinAsync("observer", "Grace", Role.Observer, node: 1);

        await grace.SendAsync("""{"type":"media_state","audio":false,"video":false,"screen":true}""");
        Assert.Equal("role_forbidden", await ErrorAsync(grace));
        await grace.SendAsync("""{"type":"media_state","audio":false,"video":false,"screen":false}""");
        await grace.SendAsync("""{"type":"raise_hand","raised":true}""");
        foreach (var who in new[] { ada, grace })
        {
            Assert.True((long)(await who.ExpectAsync("peer-updated"))["participant"]!["hand"]! > 0);
        }

        await using var alan = await shared.Gateway.JoinAsync("observer", "Alan");
        Assert.True((long)alan.Welcome["participants"]![1]!["hand"]! > 0);
        await grace.SendAsync("""{"type":"raise_hand","raised":false}""");
        Assert.Equal(0, (long)(await ada.ExpectAsync("peer-updated"))["participant"]!["hand"]!);
        await grace.SayAsync("hi");
        await ada.ExpectAsync("chat_broadcast");
    }

    [Fact]
    public async Task Orders_ThatRedisLost_AreRestored()
    {
        await using var gateway = await Gateway.StartAsync(nodes: 2, settings: ("Signaling:SyncInterval", "00:00:00.200"));
        await using var ada = await gateway.JoinAsync("flushed", "Ada", Role.Organizer);
        await using var grace = await gateway.JoinAsync("flushed", "Grace", node: 1);
        await using var alan = await gateway.JoinAsync("flushed", "Alan", node: 1);
        await OrderAsync(ada, "KICK_PEER", "\"target_id\":\"p-alan\"");
        await OrderAsync(ada, "MUTE_AUDIO", "\"target_id\":\"p-grace\",\"locked\":true");
        await grace.ExpectAsync("force_mute");

        await gateway.Redis.FlushAsync();
        using var redis = await ConnectionMultiplexer.ConnectAsync(gateway.Redis.ConnectionString);
        await Eventually.TrueAsync(
            () => redis.GetDatabase().HashExists("clearway:room:{flushed}:roster", "p-grace"), "the roster is restored");

        await using var again = await gateway.ConnectAsync(node: 1);
        await again.SendAsync($$"""{"type":"join","token":"{{AuthDouble.Token("flushed", "p-alan", "Alan", Role.Participant)}}"}""");
        Assert.Equal(("kicked", 4104), await again.ExpectCloseAsync());
        await grace.SendAsync(Unmuted);
        Assert.Equal("muted_by_moderator", await ErrorAsync(grace));
    }

    private static Task OrderAsync(Participant by, string command, string members) =>
        by.SendAsync($$"""{"type":"control_frame","command":"{{command}}",{{members}}}""");

    private static async Task<string?> ErrorAsync(Participant who) => (string?)(await who.ExpectAsync("error"))["code"];

    private static Func<JsonObject, bool> IsAudio(bool on) => frame => (bool)frame["participant"]!["audio"]! == on;

    private static (bool Resumed, bool VideoLocked, bool AudioLocked) OwnState(Participant who) =>
        ((bool)who.Welcome["resumed"]!, (bool)who.Welcome["video_locked"]!, (bool)who.Welcome["audio_locked"]!);

    private async Task<(string? Code, int Status)> RefusedJoinAsync(string room, int node, string? resume)
    {
        await using var again = await shared.Gateway.ConnectAsync(node);
        var more = resume is null ? "" : $",\"resume\":\"{resume}\"";
        await again.SendAsync(
            $$"""{"type":"join","token":"{{AuthDouble.Token(room, "p-grace", "Grace", Role.Participant)}}"{{more}}}""");
        return await again.ExpectCloseAsync();
    }
}
