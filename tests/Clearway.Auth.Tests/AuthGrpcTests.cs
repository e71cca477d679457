using Clearway.Auth.Tokens;
using Clearway.Auth.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Clearway.Auth.Tests;

/// <summary>What the other services get.</summary>
[Collection(nameof(RunningAuth))]
public sealed class AuthGrpcTests(AuthHost host) : IDisposable
{
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(host.GrpcAddress);

    private AuthService.AuthServiceClient Auth => new(_channel);

    [Fact]
    public async Task VerifyToken_RoomToken_TellsItsClaims()
    {
        var claims = TokenTests.Room("Grace", "Weekly");
        var token = host.Issuer.Issue(claims);

        var answer = await Auth.VerifyTokenAsync(new VerifyTokenRequest { Token = token.Token, Audience = Audience.Room });

        Assert.Equal(VerifyTokenResponse.OutcomeOneofCase.Claims, answer.OutcomeCase);
        Assert.Equal(claims.Participant.Value, answer.Claims.Subject);
        Assert.Equal(claims.Session.Value, answer.Claims.Session);
        Assert.Equal(claims.Room.Value, answer.Claims.Room);
        Assert.Equal(("default", "Grace", "Weekly"), (answer.Claims.Tenant, answer.Claims.Name, answer.Claims.RoomTitle));
        Assert.Equal(V1.Role.Participant, answer.Claims.Role);
        Assert.Equal(token.ExpiresAt.ToUnixTimeSeconds(), answer.Claims.ExpiresAt);
        Assert.Equal(answer.Claims.ExpiresAt - 600, answer.Claims.IssuedAt);
        Assert.NotEmpty(answer.Claims.TokenId);
        Assert.Equal(new V1.RoomPolicy { MaxPeers = 8, TtlMinutes = 45, Lobby = true, OwnTracks = true }, answer.Claims.Opening);
    }

    [Fact]
    public async Task VerifyToken_AccountToken_TellsItsClaims()
    {
        var cookie = await host.SignInAsync("Ada");

        var answer = await Auth.VerifyTokenAsync(new VerifyTokenRequest { Token = cookie.Split('=', 2)[1], Audience = Audience.Account });

        Assert.Equal(("Ada", "default", V1.Role.Organizer), (answer.Claims.Name, answer.Claims.Tenant, answer.Claims.Role));
        Assert.StartsWith("acc-", answer.Claims.Subject, StringComparison.Ordinal);
        Assert.Equal(("", ""), (answer.Claims.Room, answer.Claims.Session));
        Assert.Null(answer.Claims.Opening);
    }

    [Theory]
    [InlineData("", "token_malformed")]
    [InlineData("x.y.z", "token_malformed")]
    [InlineData("INVITATION", "token_audience")]
    [InlineData("FORGED", "token_signature")]
    public async Task VerifyToken_BadToken_IsAnAnswer(string token, string code)
    {
        using var forge = new Forge();
        var sent = token switch { "INVITATION" => host.IssueRoom("Ada").Invitation, "FORGED" => forge.Good, _ => token };

        var answer = await Auth.VerifyTokenAsync(new VerifyTokenRequest { Token = sent, Audience = Audience.Room });

        Assert.Equal(code, answer.Refusal?.Code);
    }

    [Fact]
    public async Task VerifyToken_WithoutAudience_IsAnError()
    {
        var token = host.Issuer.Issue(TokenTests.Room("Grace", "Weekly")).Token;

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await Auth.VerifyTokenAsync(new VerifyTokenRequest { Token = token }));

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
    }

    [Fact]
    public async Task VerifyTokens_GoodAndBad_AnswersEachInItsPlace()
    {
        var (grace, alan) = (TokenTests.Room("Grace", "Weekly"), TokenTests.Room("Alan", "Weekly"));
        var cookie = (await host.SignInAsync("Ada")).Split('=', 2)[1];
        var request = new VerifyTokensRequest
        {
            Requests =
            {
                new VerifyTokenRequest { Token = host.Issuer.Issue(grace).Token, Audience = Audience.Room, WithIceServers = true },
                new VerifyTokenRequest { Token = "x.y.z", Audience = Audience.Room, WithIceServers = true },
                new VerifyTokenRequest { Token = host.Issuer.Issue(alan).Token, Audience = Audience.Room },
                new VerifyTokenRequest { Token = cookie, Audience = Audience.Account, WithIceServers = true },
            },
        };

        var answers = (await Auth.VerifyTokensAsync(request)).Responses;

        Assert.Equal(
            [(grace.Participant.Value, null), (null, "token_malformed"), (alan.Participant.Value, null)],
            answers.Take(3).Select(answer => (answer.Claims?.Subject, answer.Refusal?.Code)));
        Assert.EndsWith(":" + grace.Participant.Value, answers[0].IceServers.IceServers[1].Username, StringComparison.Ordinal);
        Assert.Equal("Ada", answers[3].Claims.Name);
        Assert.All(answers.Skip(1), answer => Assert.Null(answer.IceServers));
    }

    [Theory]
    [InlineData(0, Audience.Room)]
    [InlineData(65, Audience.Room)]
    [InlineData(1, Audience.Unspecified)]
    public async Task VerifyTokens_NoneOrTooManyOrWithoutAudience_IsAnError(int count, Audience audience)
    {
        var request = new VerifyTokensRequest
        {
            Requests = { Enumerable.Repeat(new VerifyTokenRequest { Token = "x.y.z", Audience = audience }, count) },
        };

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await Auth.VerifyTokensAsync(request));

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
    }

    [Theory]
    [InlineData("session")]
    [InlineData("token")]
    public async Task VerifyToken_Revoked_IsRefusedAndCannotBeRefreshed(string what)
    {
        var claims = TokenTests.Room("Grace", "Weekly");
        var token = host.Issuer.Issue(claims).Token;
        var request = new VerifyTokenRequest { Token = token, Audience = Audience.Room };
        var before = await Auth.VerifyTokenAsync(request);

        // As another service does it: the key is a contract.
        var redis = host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        await redis.StringSetAsync("revoked:" + (what == "session" ? claims.Session.Value : before.Claims.TokenId), 1, TimeSpan.FromMinutes(10), When.Always, CommandFlags.None);

        Assert.Equal("token_revoked", (await Auth.VerifyTokenAsync(request)).Refusal?.Code);
        var (status, body, _) = await host.PostAsync("/api/v1/tokens/refresh", new { }, bearer: token);
        Assert.Equal((401, "token_revoked"), (status, (string?)body!["code"]));
    }

    [Fact]
    public async Task VerifyToken_AnotherSessionOfTheRoom_IsNotRevokedWithIt()
    {
        var claims = TokenTests.Room("Grace", "Weekly");
        var other = claims with { Session = SessionId.New(), Participant = ParticipantId.New() };
        await host.Services.GetRequiredService<Revocations>().RevokeAsync(claims.Session.Value, TimeSpan.FromMinutes(10), default);

        var answer = await Auth.VerifyTokenAsync(new VerifyTokenRequest { Token = host.Issuer.Issue(other).Token, Audience = Audience.Room });

        Assert.NotNull(answer.Claims);
    }

    [Fact]
    public async Task GetIceServers_TurnConfigured_GivesCredentialsOfTenMinutes()
    {
        var participant = ParticipantId.New().Value;

        var answer = await Auth.GetIceServersAsync(new GetIceServersRequest { Participant = participant, Tenant = "default" });

        var expiry = (host.Time.GetUtcNow() + TimeSpan.FromMinutes(10)).ToUnixTimeSeconds();
        Assert.Equal(expiry, answer.ExpiresAt);
        Assert.Equal(["stun:turn.example:3478"], answer.IceServers[0].Urls);
        Assert.Equal(("", ""), (answer.IceServers[0].Username, answer.IceServers[0].Credential));
        Assert.Equal(["turn:turn.example:3478?transport=udp", "turns:turn.example:5349?transport=tcp"], answer.IceServers[1].Urls);
        Assert.Equal($"{expiry}:{participant}", answer.IceServers[1].Username);
        Assert.Equal(28, answer.IceServers[1].Credential.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Grace")]
    [InlineData("p-abcdefghijklmno:")]
    [InlineData("s-abcdefghijklmnop")]
    public async Task GetIceServers_NotAParticipant_IsAnError(string participant)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(
            async () => await Auth.GetIceServersAsync(new GetIceServersRequest { Participant = participant }));

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
    }

    public void Dispose() => _channel.Dispose();
}
