using System.Net.Http.Headers;
using System.Text;
using Clearway.Auth.Tokens;

namespace Clearway.Auth.Tests;

/// <summary>What bad requests get, as docs/rest-api.md has it: status, code, and nothing kept by a cache.</summary>
[Collection(nameof(RunningAuth))]
public sealed class RestRefusalTests(AuthHost host)
{
    private const string SignIn = "/api/v1/auth/sign-in";
    private const string SignOut = "/api/v1/auth/sign-out";
    private const string Rooms = "/api/v1/rooms";
    private const string Redeem = "/api/v1/invitations/redeem";
    private const string Refresh = "/api/v1/tokens/refresh";

    private const string Good = $$"""{"name":"Ada","password":"{{AuthHost.Password}}"}""";

    /// <summary>Path, who asks, body, expected status and code. INVITATION and ORGANIZER stand for fresh invitations.</summary>
    public static TheoryData<string, string, string, int, string> Requests => new()
    {
        { SignIn, "", "", 400, "bad_request" },
        { SignIn, "", "{", 400, "bad_request" },
        { SignIn, "", "null", 400, "bad_request" },
        { SignIn, "", "[]", 400, "bad_request" },
        { SignIn, "", "\"Ada\"", 400, "bad_request" },
        { SignIn, "", """{"name":1,"password":"x"}""", 400, "bad_request" },
        { SignIn, "", """{"name":"Ada","name":"Eve","password":"x"}""", 400, "bad_request" },
        { SignIn, "", """{"name":"Ada","password":"x"} x""", 400, "bad_request" },
        { SignIn, "", """{"name":"\ud800","password":"x"}""", 400, "bad_request" },
        { SignIn, "", """{"name":"Ada"}""", 400, "bad_request" },
        { SignIn, "", """{"name":"Ada","password":""}""", 400, "bad_request" },
        { SignIn, "", """{"name":"Ada","password":["x"]}""", 400, "bad_request" },
        { SignIn, "", $$"""{"name":"Ada","password":"{{new string('x', 20_000)}}"}""", 413, "body_too_large" },
        { SignIn, "", """{"password":"x"}""", 400, "name_invalid" },
        { SignIn, "", """{"name":"","password":"x"}""", 400, "name_invalid" },
        { SignIn, "", """{"name":"   ","password":"x"}""", 400, "name_invalid" },
        { SignIn, "", """{"name":"A\u0000da","password":"x"}""", 400, "name_invalid" },
        { SignIn, "", """{"name":"A\u202Eda","password":"x"}""", 400, "name_invalid" },
        { SignIn, "", $$"""{"name":"{{new string('a', 65)}}","password":"x"}""", 400, "name_invalid" },
        { SignIn, "", """{"name":"Ada","password":"wrong"}""", 401, "sign_in_refused" },
        { SignIn, "", $$"""{"name":"Ada","password":"{{AuthHost.Password}} "}""", 401, "sign_in_refused" },
        { Rooms, "", """{"title":"Weekly"}""", 401, "not_signed_in" },
        { Rooms, "empty cookie", """{"title":"Weekly"}""", 401, "not_signed_in" },
        { Rooms, "forged cookie", """{"title":"Weekly"}""", 401, "not_signed_in" },
        { Rooms, "room token as cookie", """{"title":"Weekly"}""", 401, "not_signed_in" },
        { Rooms, "account", "{", 400, "bad_request" },
        { Rooms, "account", "{}", 400, "bad_request" },
        { Rooms, "account", """{"title":""}""", 400, "bad_request" },
        { Rooms, "account", """{"title":"a\nb"}""", 400, "bad_request" },
        { Rooms, "account", $$"""{"title":"{{new string('a', 121)}}"}""", 400, "bad_request" },
        { Rooms, "account", """{"title":"Weekly","max_peers":0}""", 400, "bad_request" },
        { Rooms, "account", """{"title":"Weekly","max_peers":101}""", 400, "bad_request" },
        { Rooms, "account", """{"title":"Weekly","max_peers":2.5}""", 400, "bad_request" },
        { Rooms, "account", """{"title":"Weekly","max_peers":"8"}""", 400, "bad_request" },
        { Rooms, "account", """{"title":"Weekly","max_peers":99999999999}""", 400, "bad_request" },
        { Rooms, "account", """{"title":"Weekly","ttl_minutes":0}""", 400, "bad_request" },
        { Rooms, "account", """{"title":"Weekly","ttl_minutes":301}""", 400, "bad_request" },
        { Rooms, "account", """{"title":"Weekly","lobby":"yes"}""", 400, "bad_request" },
        { Rooms, "account", """{"title":"Weekly","wait_for_moderator":1}""", 400, "bad_request" },
        { Redeem, "", """{"name":"Grace"}""", 400, "bad_request" },
        { Redeem, "", """{"invitation":"INVITATION"}""", 400, "name_invalid" },
        { Redeem, "", """{"invitation":"INVITATION","name":"\u2066x"}""", 400, "name_invalid" },
        { Redeem, "", """{"invitation":"x","name":"Grace"}""", 403, "invitation_refused" },
        { Redeem, "", """{"invitation":"e30.e30.e30","name":"Grace"}""", 403, "invitation_refused" },
        { Redeem, "", """{"invitation":"INVITATIONx","name":"Grace"}""", 403, "invitation_refused" },
        { Redeem, "", """{"invitation":"ROOMTOKEN","name":"Grace"}""", 403, "invitation_refused" },
        { Redeem, "", """{"invitation":"ORGANIZER","name":"Ada"}""", 401, "not_signed_in" },
        { Redeem, "forged cookie", """{"invitation":"ORGANIZER","name":"Ada"}""", 401, "not_signed_in" },
        { Redeem, "other account", """{"invitation":"ORGANIZER","name":"Ada"}""", 403, "invitation_refused" },
        { Refresh, "", "{}", 401, "token_missing" },
        { Refresh, "basic", "{}", 401, "token_missing" },
        { Refresh, "bearer nothing", "{}", 401, "token_missing" },
        { Refresh, "bearer garbage", "{}", 401, "token_malformed" },
        { Refresh, "bearer invitation", "{}", 401, "token_audience" },
        { Refresh, "bearer account", "{}", 401, "token_audience" },
        { "/api/v1/nothing", "", "{}", 404, "not_found" },
        { "/.well-known/jwks.json", "", "{}", 404, "not_found" },
        { "/api/v1/auth/account", "", "{}", 404, "not_found" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Post_BadRequest_IsRefused(string path, string who, string body, int status, string code)
    {
        var room = host.IssueRoom("Ada");
        var roomToken = host.Issuer.Issue(TokenTests.Room("Grace", "Weekly")).Token;
        using var content = Json(body
            .Replace("INVITATION", room.Invitation, StringComparison.Ordinal)
            .Replace("ORGANIZER", room.OrganizerInvitation, StringComparison.Ordinal)
            .Replace("ROOMTOKEN", roomToken, StringComparison.Ordinal));
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        var (header, value) = who switch
        {
            "" => ("X-Nothing", "x"),
            "account" => ("Cookie", await host.SignInAsync("Ada")),
            "other account" => ("Cookie", await host.SignInAsync("Eve")),
            "empty cookie" => ("Cookie", "clearway_account="),
            "forged cookie" => ("Cookie", await host.SignInAsync("Ada") + "A"),
            "room token as cookie" => ("Cookie", "clearway_account=" + roomToken),
            "basic" => ("Authorization", "Basic QWRhOng="),
            "bearer nothing" => ("Authorization", "Bearer  "),
            "bearer garbage" => ("Authorization", "Bearer x.y.z"),
            "bearer invitation" => ("Authorization", "Bearer " + room.Invitation),
            "bearer account" => ("Authorization", "Bearer " + (await host.SignInAsync("Ada")).Split('=', 2)[1]),
            _ => throw new ArgumentOutOfRangeException(nameof(who), who, null),
        };
        Assert.True(request.Headers.TryAddWithoutValidation(header, value));

        await AssertRefusedAsync(request, status, code);
    }

    [Theory]
    [InlineData(SignIn, "text/plain")]
    [InlineData(SignIn, "application/x-www-form-urlencoded")]
    [InlineData(SignIn, "multipart/form-data")]
    [InlineData(SignIn, "application/json; charset=utf-16")]
    [InlineData(SignIn, "application/jsonx")]
    [InlineData(SignIn, "application/problem+json")]
    [InlineData(SignIn, "")]
    [InlineData(SignOut, "text/plain")]
    [InlineData(SignOut, "")]
    [InlineData(Rooms, "text/plain")]
    [InlineData(Redeem, "text/plain")]
    [InlineData(Refresh, "text/plain")]
    [InlineData(Refresh, "")]
    public async Task Post_OtherMediaType_IsRefused(string path, string type)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Good));
        content.Headers.ContentType = type.Length > 0 ? MediaTypeHeaderValue.Parse(type) : null;
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };

        await AssertRefusedAsync(request, 415, "media_type");
    }

    [Theory]
    [InlineData("/api/v1/auth/account", 401, "not_signed_in")]
    [InlineData("/", 404, "not_found")]
    [InlineData("/api/v1/rooms", 404, "not_found")]
    [InlineData("/api/v1/../../etc/passwd", 404, "not_found")]
    [InlineData("/.well-known/keys.pem", 404, "not_found")]
    public async Task Get_WithoutCredentialOrPath_IsRefused(string path, int status, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);

        await AssertRefusedAsync(request, status, code);
    }

    [Fact]
    public async Task Post_ChunkedBodyOverTheLimit_IsRefused()
    {
        using var content = Json("{\"name\":\"" + new string('x', 100_000) + "\"}");
        using var request = new HttpRequestMessage(HttpMethod.Post, Redeem) { Content = content, Headers = { TransferEncodingChunked = true } };

        await AssertRefusedAsync(request, 413, "body_too_large");
    }

    [Fact]
    public async Task Redeem_ExpiredInvitation_IsGone()
    {
        var room = host.IssueRoom("Ada");
        host.Time.Advance(InvitationClaims.Lifetime + TokenVerifier.ClockSkew);

        var (status, body, _) = await host.PostAsync(Redeem, new { invitation = room.Invitation, name = "Grace" });

        Assert.Equal((410, "invitation_expired"), (status, (string?)body!["code"]));
    }

    [Fact]
    public async Task Account_ExpiredCookie_IsRefused()
    {
        var cookie = await host.SignInAsync("Ada");
        host.Time.Advance(AccountClaims.Lifetime + TokenVerifier.ClockSkew);

        var (status, body, _) = await host.SendAsync(HttpMethod.Get, "/api/v1/auth/account", cookie: cookie);

        Assert.Equal((401, "not_signed_in"), (status, (string?)body!["code"]));
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private async Task AssertRefusedAsync(HttpRequestMessage request, int status, string code)
    {
        using var client = host.Http();
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        var problem = System.Text.Json.Nodes.JsonNode.Parse(text)!;
        Assert.Equal((code, status, "about:blank"), ((string?)problem["code"], (int?)problem["status"], (string?)problem["type"]));
        Assert.NotEqual("", (string?)problem["title"]);
        Assert.NotEqual("", (string?)problem["detail"]);
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.DoesNotContain("Clearway.", text, StringComparison.Ordinal);
    }
}
