using Clearway.Auth.V1;
using Clearway.Testing;
using Grpc.Core;
using Grpc.Net.Client;

namespace Clearway.Auth.Tests;

/// <summary>While Redis is away nobody who was removed comes back, and joins with a token just issued go on.</summary>
public sealed class RevocationOutageTests
{
    [Theory]
    [InlineData("crashed")]
    [InlineData("frozen")]
    public async Task VerifyToken_WhileRedisIsAway_TrustsOnlyYoungTokens(string fault)
    {
        await using var host = await AuthHost.StartAsync(new() { ["Auth:RevocationTimeout"] = "00:00:00.500" });
        using var channel = GrpcChannel.ForAddress(host.GrpcAddress);
        var auth = new AuthService.AuthServiceClient(channel);
        var request = new VerifyTokenRequest { Token = host.Issuer.Issue(TokenTests.Room("Grace", "Weekly")).Token, Audience = Audience.Room };
        Assert.NotNull((await auth.VerifyTokenAsync(request)).Claims);

        await (fault == "crashed" ? host.Redis.CrashAsync() : host.Redis.FreezeAsync());
        host.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.NotNull((await auth.VerifyTokenAsync(request)).Claims);
        host.Time.Advance(TimeSpan.FromSeconds(1));
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await auth.VerifyTokenAsync(request));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        var among = await auth.VerifyTokensAsync(new VerifyTokensRequest { Requests = { request } });
        Assert.Equal("unavailable", among.Responses.Single().Refusal?.Code);

        await (fault == "crashed" ? host.Redis.RestartAsync() : host.Redis.ThawAsync());
        await Eventually.TrueAsync(() => IsTakenAsync(auth, request), "the token is verified again");
    }

    [Fact]
    public async Task Rest_WhileRedisIsAway_NeitherRefreshesNorSignsOutNorRedeems()
    {
        await using var host = await AuthHost.StartAsync(new() { ["Auth:RevocationTimeout"] = "00:00:00.500" });
        var cookie = await host.SignInAsync("Ada");
        var room = host.IssueRoom("Ada");
        var token = host.Issuer.Issue(TokenTests.Room("Grace", "Weekly")).Token;

        await host.Redis.CrashAsync();
        var answers = new[]
        {
            await host.PostAsync("/api/v1/tokens/refresh", new { }, bearer: token),
            await host.PostAsync("/api/v1/auth/sign-out", new { }, cookie),
            await host.PostAsync("/api/v1/rooms", new { title = "Weekly" }, cookie),
            await host.PostAsync("/api/v1/invitations/redeem", new { invitation = room.Invitation, name = "Grace" }),
            await host.SendAsync(HttpMethod.Get, "/api/v1/auth/account", cookie: cookie),
        };

        Assert.All(answers, answer =>
        {
            Assert.Equal((503, "unavailable"), (answer.Status, (string?)answer.Body!["code"]));
            Assert.NotNull(answer.Response.Headers.RetryAfter);
        });
    }

    private static async Task<bool> IsTakenAsync(AuthService.AuthServiceClient auth, VerifyTokenRequest request)
    {
        try
        {
            return (await auth.VerifyTokenAsync(request)).Claims is not null;
        }
        catch (RpcException failure) when (failure.StatusCode is StatusCode.Unavailable)
        {
            return false;
        }
    }
}
