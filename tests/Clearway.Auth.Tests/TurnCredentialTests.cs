using System.Runtime.InteropServices;
using Clearway.Auth.TurnCredentials;
using Clearway.Testing;
using Clearway.TestServers;
using Microsoft.Extensions.Options;

namespace Clearway.Auth.Tests;

/// <summary>Credentials that a TURN server with the same secret takes, and for how long.</summary>
public sealed class TurnCredentialTests
{
    private const string Secret = "north wind";

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
        var port = ServerProcess.FreePort();
        using var folder = new TemporaryFolder("turn");
        await using var turn = await ServerProcess.StartAsync(
            "turnserver",
            [
                "-n", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", $"--listening-port={port}", "--use-auth-secret",
                $"--static-auth-secret={Secret}", "--realm=clearway", "--no-tls", "--no-dtls", "--no-cli", "--log-file=stdout",
                $"--pidfile={folder.Path}/pid", $"--userdb={folder.Path}/db",
            ],
            port,
            PosixSignal.SIGINT);
        var good = Issuer(TimeProvider.System, "turn:127.0.0.1").Issue(ParticipantId.New()).IceServers.Single();
        var old = Issuer(new ManualTime(DateTimeOffset.UtcNow.AddMinutes(-11)), "turn:127.0.0.1").Issue(ParticipantId.New()).IceServers.Single();

        Assert.Equal(TurnAllocation.Success, await TurnAllocation.TryAsync(port, good.Username, good.Credential));
        Assert.Equal(TurnAllocation.Error, await TurnAllocation.TryAsync(port, good.Username, good.Credential[1..]));
        Assert.Equal(TurnAllocation.Error, await TurnAllocation.TryAsync(port, "9" + good.Username, good.Credential));
        Assert.Equal(TurnAllocation.Error, await TurnAllocation.TryAsync(port, old.Username, old.Credential));
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
