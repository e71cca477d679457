using System.Net;
using System.Net.Http.Json;
using Xunit;

namespace Clearway.Proxy.Tests;

public sealed class RoutingTests
{
    [Theory]
    [InlineData("POST", "/api/v1/auth/sign-in")]
    [InlineData("POST", "/api/v1/auth/sign-out")]
    [InlineData("GET", "/api/v1/auth/account")]
    [InlineData("POST", "/api/v1/rooms")]
    [InlineData("POST", "/api/v1/invitations/redeem")]
    [InlineData("POST", "/api/v1/tokens/refresh")]
    [InlineData("GET", "/.well-known/jwks.json")]
    public async Task Auth_IsReached_WithForwardedHeadersOfTheEdge(string method, string path)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(
            new HttpMethod(method),
            path,
            token: null,
            method == "POST" ? JsonContent.Create(new { }) : null,
            headers => headers.Add("X-Forwarded-For", "203.0.113.9"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith("clearway_account=x", answer.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
        var seen = Assert.Single(edge.Upstreams.Requests);
        Assert.Equal(path, seen.Path);
        Assert.Equal(new Uri(edge.Upstreams.Http).Authority, seen.Host);
        Assert.Equal("http", seen.Headers["X-Forwarded-Proto"]);
        Assert.Equal(edge.Address.Authority, seen.Headers["X-Forwarded-Host"]);
        Assert.Equal("127.0.0.1", seen.Headers["X-Forwarded-For"]);
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing")]
    [InlineData("GET", "/api/v1/auth/sign-in")]
    [InlineData("DELETE", "/api/v1/rooms")]
    [InlineData("GET", "/nothing")]
    public async Task UnknownPath_IsNotFound(string method, string path)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(new HttpMethod(method), path, token: null);
        await Expect.ProblemAsync(answer, HttpStatusCode.NotFound, "not_found");
        Assert.Empty(edge.Upstreams.Requests);
    }

    [Fact]
    public async Task Service_ThatIsGone_IsUnavailable()
    {
        await using var edge = await Edge.StartAsync(settings: ("services:auth:http:0", "http://127.0.0.1:1"));
        using var answer = await edge.SendAsync(HttpMethod.Get, "/.well-known/jwks.json", token: null);
        await Expect.ProblemAsync(answer, HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task StatusOfAService_IsItsOwn()
    {
        await using var edge = await Edge.StartAsync();
        edge.Upstreams.RestStatus = 426;
        using var answer = await edge.SendAsync(HttpMethod.Get, "/api/v1/auth/account", token: null);
        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_OverTheLimit_IsTooLarge(bool chunked)
    {
        await using var edge = await Edge.StartAsync();
        using var content = new ByteArrayContent(new byte[(64 * 1024) + 1]) { Headers = { ContentType = new("application/json") } };
        using var answer = await edge.SendAsync(
            HttpMethod.Post, "/api/v1/auth/sign-in", token: null, content, headers => headers.TransferEncodingChunked = chunked);
        await Expect.ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Theory]
    [InlineData("/api/v1/auth/sign-in", "RequestLimits:SignInsPerMinute")]
    [InlineData("/api/v1/invitations/redeem", "RequestLimits:RedemptionsPerMinute")]
    public async Task Guessing_IsSlowedDown(string path, string limit)
    {
        await using var edge = await Edge.StartAsync(settings: (limit, "3"));
        for (var request = 0; request < 3; request++)
        {
            using var passed = await edge.SendAsync(HttpMethod.Post, path, token: null, JsonContent.Create(new { }));
            Assert.Equal(HttpStatusCode.OK, passed.StatusCode);
        }

        using var answer = await edge.SendAsync(HttpMethod.Post, path, token: null, JsonContent.Create(new { }));
        await Expect.ProblemAsync(answer, HttpStatusCode.TooManyRequests, "too_many_requests");
        Assert.InRange(answer.Headers.RetryAfter?.Delta ?? TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Assert.Equal(3, edge.Upstreams.Requests.Count);
    }
}
