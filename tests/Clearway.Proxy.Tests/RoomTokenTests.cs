using System.Net;
using Clearway.Auth.V1;
using Clearway.Proxy.Access;
using Clearway.Testing;
using Xunit;

namespace Clearway.Proxy.Tests;

public sealed class RoomTokenTests
{
    [Fact]
    public async Task Request_WithoutToken_IsRefused()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, "/api/v1/t9?prefix=he", token: null);
        await Expect.ProblemAsync(answer, HttpStatusCode.Unauthorized, "token_missing");
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        Assert.Equal(0, edge.Upstreams.Auth.Calls);
    }

    [Theory]
    [InlineData("token_malformed")]
    [InlineData("token_signature")]
    [InlineData("token_expired")]
    [InlineData("token_not_yet_valid")]
    [InlineData("token_audience")]
    [InlineData("token_issuer")]
    [InlineData("token_revoked")]
    public async Task Token_ThatAuthRefuses_IsRefusedWithItsCode(string code)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, "/api/v1/t9?prefix=he", AuthDouble.Refused(code));
        await Expect.ProblemAsync(answer, HttpStatusCode.Unauthorized, code);
    }

    [Fact]
    public async Task Token_OverEightKibibytes_IsRefusedWithoutAsking()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, "/api/v1/t9?prefix=he", new string('x', 8193));
        await Expect.ProblemAsync(answer, HttpStatusCode.Unauthorized, "token_malformed");
        Assert.Equal(0, edge.Upstreams.Auth.Calls);
    }

    [Fact]
    public async Task Token_UsedAgainAtOnce_IsVerifiedOnce()
    {
        await using var edge = await Edge.StartAsync();
        for (var request = 0; request < 3; request++)
        {
            using var answer = await edge.SendAsync(HttpMethod.Get, "/api/v1/t9?prefix=he");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(1, edge.Upstreams.Auth.Calls);
    }

    [Fact]
    public async Task Token_RefusedOnce_IsAskedAgain()
    {
        await using var edge = await Edge.StartAsync();
        for (var request = 0; request < 2; request++)
        {
            using var answer = await edge.SendAsync(HttpMethod.Get, "/api/v1/t9?prefix=he", AuthDouble.Refused("token_expired"));
        }

        Assert.Equal(2, edge.Upstreams.Auth.Calls);
    }

    [Fact]
    public async Task Auth_NotAnswering_IsUnavailable()
    {
        await using var edge = await Edge.StartAsync(settings: ("services:auth:grpc:0", "http://127.0.0.1:1"));
        using var answer = await edge.SendAsync(HttpMethod.Get, "/api/v1/t9?prefix=he");
        await Expect.ProblemAsync(answer, HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void VerifiedToken_IsTrustedForTwoSeconds(int seconds, bool trusted)
    {
        var time = new ManualTime();
        var tokens = new VerifiedTokens(time);
        tokens.Keep(Hash(1), Claims(time, TimeSpan.FromMinutes(10)));
        time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(trusted, tokens.Find(Hash(1)) is not null);
    }

    [Fact]
    public void VerifiedToken_IsNotTrustedBeyondItsOwnExpiry()
    {
        var time = new ManualTime();
        var tokens = new VerifiedTokens(time);
        tokens.Keep(Hash(1), Claims(time, TimeSpan.FromSeconds(1)));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(tokens.Find(Hash(1)));
    }

    [Fact]
    public void VerifiedTokens_AreBounded()
    {
        var time = new ManualTime();
        var tokens = new VerifiedTokens(time);
        for (var token = 0; token <= VerifiedTokens.Capacity; token++)
        {
            tokens.Keep(Hash(token), Claims(time, TimeSpan.FromMinutes(10)));
        }

        Assert.NotNull(tokens.Find(Hash(VerifiedTokens.Capacity)));
        Assert.Null(tokens.Find(Hash(0)));
    }

    private static TokenHash Hash(int token) => new([.. BitConverter.GetBytes(token), .. new byte[28]]);

    private static Claims Claims(TimeProvider time, TimeSpan left) => new() { ExpiresAt = (time.GetUtcNow() + left).ToUnixTimeSeconds() };
}
