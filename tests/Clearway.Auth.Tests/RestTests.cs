using System.Buffers.Text;
using System.Text.Json.Nodes;
using Clearway.Auth.Tokens;

namespace Clearway.Auth.Tests;

/// <summary>The way of an organizer and a guest into a room, over HTTP.</summary>
[Collection(nameof(RunningAuth))]
public sealed class RestTests(AuthHost host)
{
    private readonly TokenVerifier _verifier = new(new JwsVerifier(host.Keys), host.Time);

    [Fact]
    public async Task SignIn_RightPassword_SetsACookieThatScriptsAndOtherSitesCannotUse()
    {
        var (status, body, response) = await host.PostAsync("/api/v1/auth/sign-in", new { name = "  Ada ", password = AuthHost.Password });

        Assert.Equal(200, status);
        Assert.Equal("Ada", (string?)body!["name"]);
        Assert.Equal("default", (string?)body["tenant"]);
        Assert.Matches("^acc-[a-z2-7]{16}$", (string?)body["account_id"]);
        var attributes = response.Headers.GetValues("Set-Cookie").Single().Split("; ").Skip(1).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.Superset(new HashSet<string> { "path=/api/v1", "httponly", "samesite=strict", "max-age=43200" }, attributes);
        Assert.DoesNotContain("secure", attributes);
    }

    [Fact]
    public async Task SignIn_SameNameComposedOtherwise_IsTheSameAccount()
    {
        var (_, composed, _) = await host.PostAsync("/api/v1/auth/sign-in", new { name = "Zo\u00EB", password = AuthHost.Password });
        var (_, decomposed, _) = await host.PostAsync("/api/v1/auth/sign-in", new { name = "Zoe\u0308", password = AuthHost.Password });
        var (_, other, _) = await host.PostAsync("/api/v1/auth/sign-in", new { name = "Zoe", password = AuthHost.Password });

        Assert.Equal((string?)composed!["account_id"], (string?)decomposed!["account_id"]);
        Assert.NotEqual((string?)composed["account_id"], (string?)other!["account_id"]);
    }

    [Fact]
    public async Task Account_SignedIn_IsTheOneThatSignedIn()
    {
        var cookie = await host.SignInAsync("Ada");

        var (status, body, _) = await host.SendAsync(HttpMethod.Get, "/api/v1/auth/account", cookie: cookie);

        Assert.Equal((200, "Ada"), (status, (string?)body!["name"]));
    }

    [Fact]
    public async Task SignOut_SignedIn_EndsCopiesOfTheCookieToo()
    {
        var cookie = await host.SignInAsync("Ada");

        var (status, _, response) = await host.PostAsync("/api/v1/auth/sign-out", new { }, cookie);
        var (after, body, _) = await host.SendAsync(HttpMethod.Get, "/api/v1/auth/account", cookie: cookie);

        Assert.Equal(204, status);
        Assert.StartsWith("clearway_account=;", response.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
        Assert.Equal((401, "not_signed_in"), (after, (string?)body!["code"]));
    }

    [Fact]
    public async Task SignOut_NotSignedIn_IsNoError() =>
        Assert.Equal(204, (await host.PostAsync("/api/v1/auth/sign-out", new { })).Status);

    [Fact]
    public async Task CreateRoom_SignedIn_GivesTwoInvitationsWithThePolicy()
    {
        var cookie = await host.SignInAsync("Ada");

        var (status, room, _) = await host.PostAsync(
            "/api/v1/rooms", new { title = " Weekly ", max_peers = 8, ttl_minutes = 45, lobby = true, own_tracks = false, wait_for_moderator = true }, cookie);

        Assert.Equal(201, status);
        Assert.Matches("^[a-z0-9]{12}$", (string?)room!["room_id"]);
        Assert.Equal("Weekly", (string?)room["title"]);
        Assert.Equal((host.Time.GetUtcNow() + InvitationClaims.Lifetime).ToUnixTimeSeconds() * 1000, (long?)room["expires_at"]);
        var guest = PayloadOf(room["invitation"]);
        Assert.Equal(("Weekly", "participant"), ((string?)guest["room_title"], (string?)guest["role"]));
        var organizer = PayloadOf(room["organizer_invitation"]);
        Assert.Equal("organizer", (string?)organizer["role"]);
        Assert.All([guest, organizer], payload => Assert.Equal((8, 45, true, true, false), PolicyOf(payload)));
    }

    [Fact]
    public async Task CreateRoom_WithoutWishes_IsForAHundredAndHalfAnHourAndOpen()
    {
        var (_, room, _) = await host.PostAsync("/api/v1/rooms", new { title = "Weekly" }, await host.SignInAsync("Ada"));

        Assert.Equal((100, 30, false, false, true), PolicyOf(PayloadOf(room!["invitation"])));
    }

    [Fact]
    public async Task Redeem_ByAGuest_OpensASessionOfItsOwnEachTime()
    {
        var room = host.IssueRoom("Ada");

        var (status, first, _) = await host.PostAsync("/api/v1/invitations/redeem", new { invitation = room.Invitation, name = "Grace" });
        var (_, second, _) = await host.PostAsync("/api/v1/invitations/redeem", new { invitation = room.Invitation, name = "Grace" });

        Assert.Equal(200, status);
        Assert.Matches("^p-[a-z2-7]{16}$", (string?)first!["participant_id"]);
        Assert.Matches("^s-[a-z2-7]{16}$", (string?)first["session_id"]);
        Assert.Equal(room.Room.Value, (string?)first["room_id"]);
        Assert.Equal(("Weekly", "participant", "default"), ((string?)first["room_title"], (string?)first["role"], (string?)first["tenant"]));
        Assert.Null(first["max_peers"]);
        Assert.Null(first["ttl_minutes"]);
        Assert.NotEqual((string?)first["participant_id"], (string?)second!["participant_id"]);
        Assert.NotEqual((string?)first["session_id"], (string?)second["session_id"]);
        var claims = _verifier.Verify<RoomClaims>((string)first["token"]!).Token!.Claims;
        Assert.Equal((Role.Participant, room.Room, "Grace"), (claims.Role, claims.Room, claims.Name.Value));
        Assert.Equal(
            (8, 45, true, false),
            (claims.Policy.MaxPeers, claims.Policy.TtlMinutes, claims.Policy.Lobby, claims.Policy.WaitForModerator));
    }

    [Fact]
    public async Task Redeem_ByTheOrganizer_TellsTheWishes()
    {
        var cookie = await host.SignInAsync("Ada");
        var room = host.IssueRoom("Ada");

        var (status, session, _) = await host.PostAsync(
            "/api/v1/invitations/redeem", new { invitation = room.OrganizerInvitation, name = "Ada L." }, cookie);

        Assert.Equal(200, status);
        Assert.Equal(("organizer", 8, 45), ((string?)session!["role"], (int?)session["max_peers"], (int?)session["ttl_minutes"]));
        Assert.Equal(Role.Organizer, _verifier.Verify<RoomClaims>((string)session["token"]!).Token!.Claims.Role);
    }

    [Fact]
    public async Task IceServers_WithAnInvitation_AreThoseOfACall()
    {
        var room = host.IssueRoom("Ada");

        var (status, body, _) = await host.PostAsync("/api/v1/invitations/ice-servers", new { invitation = room.Invitation });

        Assert.Equal(200, status);
        var servers = body!["ice_servers"]!.AsArray();
        Assert.Equal(["stun:turn.example:3478"], servers[0]!["urls"]!.AsArray().Select(url => (string?)url));
        Assert.Null(servers[0]!["username"]);
        Assert.Matches(@"^\d+:p-[a-z2-7]{16}$", (string?)servers[1]!["username"]);
        Assert.Equal(28, ((string?)servers[1]!["credential"])!.Length);
        Assert.InRange((long)body["expires_at"]! - host.Time.GetUtcNow().ToUnixTimeMilliseconds(), 599_000, 600_000);
    }

    [Fact]
    public async Task IceServers_WithoutAGoodInvitation_AreNotTold()
    {
        var expired = host.IssueRoom("Ada").Invitation;
        host.Time.Advance(InvitationClaims.Lifetime + TimeSpan.FromMinutes(1));

        Assert.Equal((410, "invitation_expired"), await AskAsync(new { invitation = expired }));
        Assert.Equal((403, "invitation_refused"), await AskAsync(new { invitation = "eyJ.e30.c2ln" }));
        Assert.Equal((400, "bad_request"), await AskAsync(new { }));

        async Task<(int, string?)> AskAsync(object body)
        {
            var (status, problem, _) = await host.PostAsync("/api/v1/invitations/ice-servers", body);
            return (status, (string?)problem!["code"]);
        }
    }

    [Fact]
    public async Task Refresh_RoomToken_KeepsSessionAndParticipant()
    {
        var claims = TokenTests.Room("Grace", "Weekly");
        var token = host.Issuer.Issue(claims).Token;
        host.Time.Advance(TimeSpan.FromMinutes(9));

        var (status, body, response) = await host.PostAsync("/api/v1/tokens/refresh", new { }, bearer: token);

        Assert.Equal(200, status);
        Assert.True(response.Headers.CacheControl?.NoStore);
        var refreshed = _verifier.Verify<RoomClaims>((string)body!["token"]!).Token!;
        Assert.Equal(claims, refreshed.Claims with { OpenedAt = null });
        Assert.Equal(refreshed.ExpiresAt.ToUnixTimeMilliseconds(), (long?)body["expires_at"]);
        Assert.True(refreshed.ExpiresAt > host.Time.GetUtcNow() + TimeSpan.FromMinutes(9));
    }

    [Fact]
    public async Task Refresh_OfASessionOverADayOld_IsRefused()
    {
        var openedAt = host.Time.GetUtcNow();
        var token = host.Issuer.Issue(TokenTests.Room("Grace", "Weekly")).Token;
        (int Status, JsonNode? Body, HttpResponseMessage Response) answer;
        do
        {
            host.Time.Advance(TimeSpan.FromMinutes(9));
            answer = await host.PostAsync("/api/v1/tokens/refresh", new { }, bearer: token);
            token = (string?)answer.Body!["token"] ?? token;
        }
        while (answer.Status == 200 && host.Time.GetUtcNow() - openedAt < TimeSpan.FromHours(48));

        Assert.Equal((401, "token_session_over"), (answer.Status, (string?)answer.Body["code"]));
        Assert.Equal(24, (host.Time.GetUtcNow() - openedAt).TotalHours, tolerance: 0.15);
    }

    [Fact]
    public async Task Refresh_ExpiredToken_IsRefused()
    {
        var token = host.Issuer.Issue(TokenTests.Room("Grace", "Weekly")).Token;
        host.Time.Advance(RoomClaims.Lifetime + TokenVerifier.ClockSkew);

        var (status, body, _) = await host.PostAsync("/api/v1/tokens/refresh", new { }, bearer: token);

        Assert.Equal((401, "token_expired"), (status, (string?)body!["code"]));
    }

    [Fact]
    public async Task Jwks_HasPublicPartsOnly()
    {
        var (status, body, response) = await host.SendAsync(HttpMethod.Get, "/.well-known/jwks.json");

        Assert.Equal(200, status);
        Assert.Equal(TimeSpan.FromMinutes(5), response.Headers.CacheControl?.MaxAge);
        var key = Assert.Single(body!["keys"]!.AsArray())!.AsObject();
        Assert.Equal(["alg", "crv", "kid", "kty", "use", "x", "y"], key.Select(member => member.Key).Order());
        Assert.Equal(host.Keys.Signing.KeyId, (string?)key["kid"]);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Health_Running_IsGood(string path) =>
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, path)).Status);

    private static (int? MaxPeers, int? TtlMinutes, bool? Lobby, bool? WaitForModerator, bool? OwnTracks) PolicyOf(JsonNode payload) =>
        ((int?)payload["max_peers"], (int?)payload["ttl_minutes"], (bool?)payload["lobby"], (bool?)payload["wait_for_moderator"],
            (bool?)payload["own_tracks"]);

    private static JsonNode PayloadOf(JsonNode? token) => JsonNode.Parse(Base64Url.DecodeFromChars(((string)token!).Split('.')[1]))!;
}
