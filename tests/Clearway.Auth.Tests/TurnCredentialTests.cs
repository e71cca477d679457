using Clearway.Auth.TurnCredentials;
using Clearway.Testing;
using Microsoft.Extensions.Options;

namespace Clearway.Auth.Tests;

/// <summary>Credentials that a TURN server with the same secret takes, and for how long.</summary>
public sealed class TurnCredentialTests
{
    private const string Secret = "north wind";
    private const int Unauthorized = 401;

    [Fact]
    public void Credential_OfAKnownUser_IsTheHmac() =>
        Assert.Equal("SejbCG1RAobe6KMFjgZ5vT+26tw=", TurnCredentialIssuer.Credential(Secret, "1790000600:p-abcdefghijklmnop"));

    [Fact]
    public void Issue_NothingConfigured_OffersNothing() =>
        Assert.Empty(Issuer(TimeProvider.System, []).Issue(ParticipantId.New()).IceServers);

    [Fact]
    public void Issue_StunOnly_NeedsNoCredential()
    {
        var server = Assert.Single(Issuer(TimeProvider.System, "stun:stun.example", "stuns:stun.example").Issue(ParticipantId.New()).IceServers);

        Assert.Equal((2, "", ""), (server.Urls.Count, server.Username, server.Credential));
    }

    [InstalledFact("turnserver")]
    public async Task Issue_ForARealTurnServer_IsTakenUntilItExpires()
    {
        await using var turn = await TurnServer.StartAsync("-n", $"--static-auth-secret={Secret}", "--use-auth-secret", "--realm=clearway");
        var good = Issuer(TimeProvider.System, "turn:127.0.0.1").Issue(ParticipantId.New()).IceServers.Single();
        var old = Issuer(new ManualTime(DateTimeOffset.UtcNow.AddMinutes(-11)), "turn:127.0.0.1").Issue(ParticipantId.New()).IceServers.Single();

        Assert.Equal(0, await AllocateAsync(good.Username, good.Credential));
        Assert.Equal(Unauthorized, await AllocateAsync(good.Username, good.Credential[1..]));
        Assert.Equal(Unauthorized, await AllocateAsync("9" + good.Username, good.Credential));
        Assert.Equal(Unauthorized, await AllocateAsync(old.Username, old.Credential));

        async Task<int> AllocateAsync(string username, string password)
        {
            using var client = new TurnClient(turn.Port, username, password);
            return await client.AllocateAsync();
        }
    }

    private static TurnCredentialIssuer Issuer(TimeProvider time, params string[] urls)
    {
        var options = new TurnOptions { Secret = Secret };
        foreach (var url in urls)
        {
            options.Urls.Add(url);
        }

        return new TurnCredentialIssuer(Options.Create(options), time);
    }
}
