using Clearway.Auth.V1;
using Clearway.Signaling.Tests.Driver;

namespace Clearway.Signaling.Tests;

/// <summary>Knocking, waiting for a moderator, and being let in or not, over two nodes.</summary>
public class LobbyTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const string Lobby = "100,30,lobby";

    private Gateway Gateway => shared.Gateway;

    [Fact]
    public async Task Knock_Admitted_IsWelcomedOnTheSameConnection()
    {
        await using var ada = await JoinAsync("admit", "Ada", Role.Organizer);
        Assert.Empty(ada.Welcome["knocking"]!.AsArray());
        await using var grace = await ConnectAsync("admit", "Grace", node: 1);
        var knocking = await grace.ExpectAsync("knocking");
        Assert.Equal(("admit", "Weekly"), ((string)knocking["room"]!["id"]!, (string)knocking["room"]!["title"]!));
        var knock = await ada.ExpectAsync("knock");
        Assert.Equal(("p-grace", "Grace"), ((string)knock["id"]!, (string)knock["name"]!));
        await using var barbara = await JoinAsync("admit", "Barbara", Role.Moderator, node: 1);
        Assert.Equal("p-grace", (string)barbara.Welcome["knocking"]![0]!["id"]!);

        await CommandAsync(barbara, "ADMIT", "p-grace");

        var welcome = await grace.ExpectAsync("welcome");
        Assert.Equal(["p-ada", "p-barbara"], welcome["participants"]!.AsArray().Select(one => (string)one!["id"]!));
        Assert.Null(welcome["knocking"]);
        Assert.Equal("p-grace", (string)(await ada.ExpectAsync("knock_gone"))["id"]!);
        Assert.Equal("p-grace", (string)(await ada.ExpectAsync("peer-joined", frame => (string)frame["participant"]!["id"]! == "p-grace"))["participant"]!["id"]!);
        await grace.SayAsync("hello");
        Assert.Equal("hello", (string?)(await ada.ExpectAsync("chat_broadcast"))["text"]);
    }

    [Fact]
    public async Task Knock_Denied_IsClosedAndMayKnockAgain()
    {
        await using var ada = await JoinAsync("deny", "Ada", Role.Moderator);
        await using var grace = await ConnectAsync("deny", "Grace", node: 1);
        await ada.ExpectAsync("knock");

        await CommandAsync(ada, "DENY", "p-grace");

        Assert.Equal(("not_admitted", 4109), await grace.ExpectCloseAsync());
        await ada.ExpectAsync("knock_gone");
        await using var again = await ConnectAsync("deny", "Grace");
        await again.ExpectAsync("knocking");
        await ada.ExpectAsync("knock");
    }

    [Fact]
    public async Task Admit_WithoutTarget_LetsAllInAndThenNobodyKnocks()
    {
        await using var ada = await JoinAsync("all", "Ada", Role.Organizer);
        var guests = new List<Participant>();
        for (var i = 0; i < 5; i++)
        {
            guests.Add(await ConnectAsync("all", "Guest" + i, node: i % 2));
            await ada.ExpectAsync("knock");
        }

        await CommandAsync(ada, "ADMIT");

        foreach (var guest in guests)
        {
            await guest.ExpectAsync("welcome");
        }

        await CommandAsync(ada, "ADMIT");
        Assert.Equal("nobody_knocks", (string?)(await ada.ExpectAsync("error"))["code"]);
        await CommandAsync(ada, "DENY", "p-guest1");
        Assert.Equal("nobody_knocks", (string?)(await ada.ExpectAsync("error"))["code"]);
        foreach (var guest in guests)
        {
            await guest.DisposeAsync();
        }
    }

    [Fact]
    public async Task Knock_WhoseConnectionIsLostOrThatLeaves_IsGone()
    {
        await using var ada = await JoinAsync("lost", "Ada", Role.Organizer);
        await using var grace = await ConnectAsync("lost", "Grace", node: 1);
        await ada.ExpectAsync("knock");
        await using var alan = await ConnectAsync("lost", "Alan");
        await ada.ExpectAsync("knock");

        grace.Cut();
        Assert.Equal("p-grace", (string)(await ada.ExpectAsync("knock_gone"))["id"]!);
        await alan.SendAsync("""{"type":"leave"}""");
        Assert.Equal("p-alan", (string)(await ada.ExpectAsync("knock_gone"))["id"]!);
        await CommandAsync(ada, "ADMIT");
        Assert.Equal("nobody_knocks", (string?)(await ada.ExpectAsync("error"))["code"]);
    }

    [Fact]
    public async Task Knock_FromASecondConnection_ReplacesTheFirst()
    {
        await using var ada = await JoinAsync("second", "Ada", Role.Organizer);
        await using var first = await ConnectAsync("second", "Grace");
        await first.ExpectAsync("knocking");

        await using var second = await ConnectAsync("second", "Grace");
        await second.ExpectAsync("knocking");

        Assert.Equal(("replaced", 4103), await first.ExpectCloseAsync());
        await CommandAsync(ada, "ADMIT");
        await second.ExpectAsync("welcome");
    }

    [Fact]
    public async Task Knocks_OverAHundred_AreRefused()
    {
        var guests = new List<Participant>();
        for (var i = 0; i < 100; i++)
        {
            guests.Add(await ConnectAsync("queue", "Guest" + i, node: i % 2));
            await guests[i].ExpectAsync("knocking");
        }

        await using var last = await ConnectAsync("queue", "Last");

        Assert.Equal(("room_full", 4108), await last.ExpectCloseAsync());
        foreach (var guest in guests)
        {
            await guest.DisposeAsync();
        }
    }

    [Fact]
    public async Task WaitingForAModerator_EndsWhenOneComes_AndTheTimeOfTheRoomBeginsThen()
    {
        await using var grace = await ConnectAsync("wait", "Grace", node: 1, opening: "100,30,wait");
        await grace.ExpectAsync("waiting_for_moderator");

        await using var ada = await JoinAsync("wait", "Ada", Role.Organizer, opening: "100,30,wait");

        var welcome = await grace.ExpectAsync("welcome");
        Assert.Equal((long)ada.Welcome["deadline"]!, (long)welcome["deadline"]!);
        await ada.SendAsync("""{"type":"leave"}""");
        await grace.ExpectAsync("peer-left");
        await using var alan = await ConnectAsync("wait", "Alan", opening: "100,30,wait");
        await alan.ExpectAsync("waiting_for_moderator");
    }

    [Fact]
    public async Task WaitingForAModerator_WithALobby_KnocksWhenOneComes()
    {
        const string Both = "100,30,lobby,wait";
        await using var grace = await ConnectAsync("both", "Grace", node: 1, opening: Both);
        await grace.ExpectAsync("waiting_for_moderator");

        await using var ada = await JoinAsync("both", "Ada", Role.Moderator, opening: Both);

        await grace.ExpectAsync("knocking");
        await ada.ExpectAsync("knock");
        await CommandAsync(ada, "ADMIT", "p-grace");
        await grace.ExpectAsync("welcome");
    }

    [Fact]
    public async Task Waiting_WhenTheRoomIsEnded_IsClosedWithIt()
    {
        await using var ada = await JoinAsync("over", "Ada", Role.Organizer);
        await using var grace = await ConnectAsync("over", "Grace", node: 1);
        await ada.ExpectAsync("knock");

        await CommandAsync(ada, "END_ROOM");

        Assert.Equal(("room_ended", 4105), await grace.ExpectCloseAsync());
    }

    [Fact]
    public async Task Waiting_ThatSaysAnythingElse_IsClosed()
    {
        await using var grace = await ConnectAsync("rude", "Grace");
        await grace.ExpectAsync("knocking");

        await grace.SayAsync("let me in");

        Assert.Equal(("join_expected", 4107), await grace.ExpectCloseAsync());
    }

    [Fact]
    public async Task Knocks_OfANodeThatDied_AreSwept()
    {
        await using var gateway = await Gateway.StartAsync(settings:
        [
            ("Signaling:SyncInterval", "00:00:00.200"), ("Signaling:HeartbeatInterval", "00:00:00.300"), ("Signaling:NodeTimeout", "00:00:02"),
        ]);
        await using var node = await gateway.StartProcessAsync();
        await using var ada = await gateway.JoinAsync("dead", "Ada", Role.Organizer, opening: Lobby);
        await using var grace = await Participant.ConnectAsync(node.Address);
        await grace.SendAsync(Join(AuthDouble.Token("dead", "p-grace", "Grace", Role.Participant, Lobby)));
        await using var alan = await Participant.ConnectAsync(node.Address);
        await alan.SendAsync(Join(AuthDouble.Token("dead", "p-alan", "Alan", Role.Participant, Lobby)));
        await Task.WhenAll(grace.ExpectFirstAsync(), alan.ExpectFirstAsync());

        await ada.ExpectAsync("knock");
        await ada.ExpectAsync("knock");
        node.Kill();

        await ada.ExpectAsync("knock_gone");
        await ada.ExpectAsync("knock_gone");
    }

    [Fact]
    public async Task Renew_WithAFreshToken_AnswersWithRelayCredentials()
    {
        await using var ada = await JoinAsync("renew", "Ada", Role.Organizer);
        await using var grace = await ConnectAsync("renew", "Grace");
        await grace.ExpectAsync("knocking");
        foreach (var (who, id, role) in new[] { (ada, "p-ada", Role.Organizer), (grace, "p-grace", Role.Participant) })
        {
            await who.SendAsync(Renew(AuthDouble.Token("renew", id, "Any", role, expiresAt: AuthDouble.ExpiresAt + 600)));

            var renewed = await who.ExpectAsync("renewed");

            Assert.Equal((AuthDouble.ExpiresAt + 600) * 1_000, (long)renewed["expires_at"]!);
            Assert.Equal("1:" + id, (string)renewed["ice_servers"]![0]!["username"]!);
        }
    }

    [Fact]
    public async Task Renew_WithAnotherTokenOrABadOne_IsRefusedAndTheCallGoesOn()
    {
        await using var ada = await JoinAsync("mismatch", "Ada", Role.Organizer);
        var bad = new (string Token, string Code)[]
        {
            (AuthDouble.Token("mismatch", "p-grace", "Ada", Role.Organizer), "token_mismatch"),
            (AuthDouble.Token("elsewhere", "p-ada", "Ada", Role.Organizer), "token_mismatch"),
            (AuthDouble.Token("mismatch", "p-ada", "Ada", Role.Organizer, session: "s-other"), "token_mismatch"),
            ("token_revoked", "token_revoked"),
            ("token_expired", "token_expired"),
        };
        foreach (var (token, code) in bad)
        {
            await ada.SendAsync(Renew(token));

            var error = await ada.ExpectAsync("error");

            Assert.Equal((code, "renew"), ((string?)error["code"], (string?)error["ref"]));
        }

        await ada.SayAsync("still here");
        await ada.ExpectAsync("chat_broadcast");
        Assert.DoesNotContain("renewed", ada.Types);
    }

    private static string Renew(string token) => $$"""{"type":"renew","token":"{{token}}"}""";

    private static string Join(string token) => $$"""{"type":"join","token":"{{token}}"}""";

    private static Task CommandAsync(Participant by, string command, string? target = null) => by.SendAsync(target is null
        ? $$"""{"type":"control_frame","command":"{{command}}"}"""
        : $$"""{"type":"control_frame","command":"{{command}}","target_id":"{{target}}"}""");

    private async Task<Participant> ConnectAsync(string room, string name, int node = 0, string opening = Lobby)
    {
        var participant = await Gateway.ConnectAsync(node);
        await participant.SendAsync(Join(AuthDouble.Token(room, "p-" + name.ToLowerInvariant(), name, Role.Participant, opening)));
        return participant;
    }

    private Task<Participant> JoinAsync(string room, string name, Role role, int node = 0, string opening = Lobby) =>
        Gateway.JoinAsync(room, name, role, node, opening: opening);
}
