using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Clearway.Auth.Accounts;
using Clearway.Auth.Tokens;

namespace Clearway.Auth.Tests;

/// <summary>What a backend does with its key, and how often an invitation can be redeemed.</summary>
public sealed class ApiKeyTests : IAsyncLifetime
{
    private const string Secret = "N0t-a-d3fault-but-a-l0ng-random-0ne";

    private AuthHost _host = null!;

    public async Task InitializeAsync() => _host = await AuthHost.StartAsync(new()
    {
        ["Auth:ApiKeys:0:Id"] = "crm",
        ["Auth:ApiKeys:0:Secret"] = Secret,
        ["Auth:ApiKeys:0:Tenant"] = "acme",
        ["Auth:ApiKeys:1:Id"] = "portal",
        ["Auth:ApiKeys:1:Secret"] = Secret + "2",
        ["Auth:ApiKeys:1:Tenant"] = "acme",
    });

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Rooms_ApiKey_AreOfTheKeysTenant()
    {
        var room = await CreateRoomAsync("crm", Secret);

        var session = await PostAsync("/api/v1/invitations/redeem", new { invitation = (string)room["invitation"]!, name = "Grace" });

        Assert.Equal("acme", (string?)session.Body["tenant"]);
    }

    [Fact]
    public async Task Tokens_ApiKey_AreOfTheNameAndRoleThatTheBackendGives()
    {
        using var key = new BrowserKey();
        var room = await CreateRoomAsync("crm", Secret);

        var (status, body) = await PostAsync(
            "/api/v1/tokens",
            new { organizer_invitation = (string)room["organizer_invitation"]!, name = "Grace", role = "organizer", jwk = key.Jwk },
            ("crm", Secret));

        var claims = new TokenVerifier(new JwsVerifier(_host.Keys), _host.Time).Verify<RoomClaims>((string)body["token"]!).Token!.Claims;
        Assert.Equal(200, status);
        Assert.Equal((Role.Organizer, "Grace", "acme", (string)room["room_id"]!), (claims.Role, claims.Name.Value, claims.Tenant.Value, claims.Room.Value));
        Assert.Equal(key.Thumbprint, claims.Key);
    }

    [Theory]
    [InlineData("crm", Secret + "x")]
    [InlineData("crm", "")]
    [InlineData("CRM", Secret)]
    [InlineData("", Secret)]
    [InlineData("portal", Secret)]
    [InlineData("crm:" + Secret, "")]
    public async Task Rooms_WrongApiKey_AreRefused(string id, string secret)
    {
        var (status, body) = await PostAsync("/api/v1/rooms", new { title = "Weekly" }, (id, secret));

        Assert.Equal((401, "api_key_refused"), (status, (string?)body["code"]));
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic !")]
    [InlineData("Basic Y3Jt")]
    [InlineData("Bearer Y3Jt")]
    [InlineData("")]
    public async Task Tokens_WithoutAnApiKey_AreRefused(string authorization)
    {
        using var client = _host.Http();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tokens") { Content = JsonContent.Create(new { role = "organizer" }) };
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        request.Headers.Add("Cookie", await _host.SignInAsync("Ada"));

        using var response = await client.SendAsync(request);

        Assert.Equal(401, (int)response.StatusCode);
    }

    [Fact]
    public async Task Rooms_ManyWrongApiKeys_AreThrottledAndTheRightOneIsNot()
    {
        for (var attempt = 0; attempt < SignInThrottle.MaxPerAddress; attempt++)
        {
            Assert.Equal(401, (await PostAsync("/api/v1/rooms", new { title = "Weekly" }, ("crm", "wrong"))).Status);
        }

        Assert.Equal(429, (await PostAsync("/api/v1/rooms", new { title = "Weekly" }, ("crm", "wrong"))).Status);
        Assert.Equal(201, (await PostAsync("/api/v1/rooms", new { title = "Weekly" }, ("crm", Secret))).Status);
    }

    [Fact]
    public async Task Minting_RoomOfAnotherAccount_IsRefused()
    {
        var room = await CreateRoomAsync("crm", Secret);
        var organizerInvitation = (string)room["organizer_invitation"]!;
        var guestInvitation = (string)room["invitation"]!;

        var byAnotherKey = await PostAsync("/api/v1/invitations", new { organizer_invitation = organizerInvitation }, ("portal", Secret + "2"));
        var withGuests = await PostAsync("/api/v1/invitations", new { organizer_invitation = guestInvitation }, ("crm", Secret));
        var byCookie = await _host.PostAsync("/api/v1/invitations", new { organizer_invitation = organizerInvitation }, await _host.SignInAsync("Ada"));
        var withNothing = await PostAsync("/api/v1/tokens", new { name = "Grace", role = "organizer" }, ("crm", Secret));

        Assert.All([byAnotherKey.Body, withGuests.Body, byCookie.Body!, withNothing.Body], body => Assert.Equal("invitation_refused", (string?)body["code"]));
    }

    [Theory]
    [InlineData("organizer", 1)]
    [InlineData("admin", 1)]
    [InlineData("participant", 0)]
    [InlineData("participant", 10_001)]
    public async Task Invitations_RoleOrUsesOutOfRange_AreRefused(string role, int uses)
    {
        var room = await CreateRoomAsync("crm", Secret);

        var (status, body) = await PostAsync(
            "/api/v1/invitations", new { organizer_invitation = (string)room["organizer_invitation"]!, role, max_uses = uses }, ("crm", Secret));

        Assert.Equal((400, "bad_request"), (status, (string?)body["code"]));
    }

    [Fact]
    public async Task Redeem_InvitationOfThreeUses_IsGoodForThreeOfTwentyWhoComeAtOnce()
    {
        var invitation = await MintAsync(maxUses: 3);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(n =>
            PostAsync("/api/v1/invitations/redeem", new { invitation, name = $"Guest {n}" })));

        Assert.Equal(3, answers.Count(answer => answer.Status == 200));
        Assert.All(answers.Where(answer => answer.Status != 200), answer => Assert.Equal((410, "invitation_used"), (answer.Status, (string?)answer.Body["code"])));
    }

    [Fact]
    public async Task Redeem_InvalidName_TakesNoUse()
    {
        var invitation = await MintAsync(maxUses: 1);

        var refused = await PostAsync("/api/v1/invitations/redeem", new { invitation, name = " " });
        var taken = await PostAsync("/api/v1/invitations/redeem", new { invitation, name = "Grace" });

        Assert.Equal((400, 200), (refused.Status, taken.Status));
    }

    [Fact]
    public async Task Redeem_LimitedInvitationWhileRedisIsAway_IsRefused()
    {
        await using var host = await AuthHost.StartAsync(new() { ["Auth:RevocationTimeout"] = "00:00:00.5", ["environment"] = "Development" });
        var (_, _, organizer) = host.IssueRoom("Ada");
        var cookie = await host.SignInAsync("Ada");
        var (_, minted, _) = await host.PostAsync("/api/v1/invitations", new { organizer_invitation = organizer, max_uses = 5 }, cookie);
        await host.Redis.CrashAsync();

        var (status, body, _) = await host.PostAsync("/api/v1/invitations/redeem", new { invitation = (string)minted!["invitation"]!, name = "Grace" });

        Assert.Equal((503, "unavailable"), (status, (string?)body!["code"]));
    }

    [Fact]
    public async Task Redeem_LimitedInvitationAfterItsEnd_IsExpired()
    {
        var invitation = await MintAsync(maxUses: 1);
        _host.Time.Advance(InvitationClaims.Lifetime + TokenVerifier.ClockSkew);

        var (status, body) = await PostAsync("/api/v1/invitations/redeem", new { invitation, name = "Grace" });

        Assert.Equal((410, "invitation_expired"), (status, (string?)body["code"]));
    }

    private async Task<string> MintAsync(int maxUses)
    {
        var room = await CreateRoomAsync("crm", Secret);
        var (status, body) = await PostAsync(
            "/api/v1/invitations",
            new { organizer_invitation = (string)room["organizer_invitation"]!, role = "observer", max_uses = maxUses },
            ("crm", Secret));
        Assert.Equal(201, status);
        return (string)body["invitation"]!;
    }

    private async Task<JsonNode> CreateRoomAsync(string id, string secret)
    {
        var (status, body) = await PostAsync("/api/v1/rooms", new { title = "Weekly" }, (id, secret));
        Assert.Equal(201, status);
        return body;
    }

    private async Task<(int Status, JsonNode Body)> PostAsync(string path, object body, (string Id, string Secret)? apiKey = null)
    {
        using var client = _host.Http();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (apiKey is var (id, secret))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));
        }

        using var response = await client.SendAsync(request);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
