using System.Net;
using System.Net.Sockets;
using Clearway.Auth.TurnCredentials;
using Clearway.Testing;
using Microsoft.Extensions.Options;

namespace Clearway.Auth.Tests;

/// <summary>Where the relay of a deployment may lead: to the public, and to nothing that only its host or its network can reach.</summary>
public sealed class TurnTargetTests
{
    private const string Secret = "a secret of a deployment";

    /// <summary>user-quota of the configuration.</summary>
    private const int UserQuota = 32;

    // The ends of each range of RFC 6890, and an address inside.
    private static readonly string[] _special =
    [
        "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1",
        "127.255.255.255", "169.254.0.0", "169.254.169.254", "169.254.255.255", "172.16.0.0", "172.31.255.255", "192.0.0.0",
        "192.0.2.1", "192.88.99.1", "192.168.0.0", "192.168.1.1", "192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.7",
        "203.0.113.7", "224.0.0.1", "239.255.255.255", "240.0.0.0", "255.255.255.255",
    ];

    private static readonly string[] _special6 =
    [
        "::1", "::", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1",
        "2002:a00:1::1", "fc00::1", "fd12:3456::1", "fe80::1", "ff02::1",
    ];

    private static readonly string[] _public = ["8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "223.255.255.255"];

    private static readonly string[] _public6 = ["2606:4700::1", "2a00:1450::1", "2001:4860::1"];

    [InstalledFact("turnserver")]
    public async Task Relay_ToASpecialPurposeAddress_IsForbidden()
    {
        await using var turn = await TurnServer.StartAsync("-c", Configuration, $"--static-auth-secret={Secret}");

        Assert.Equal(_special.Select(address => (address, TurnClient.Forbidden)), await AskAsync(turn, AddressFamily.InterNetwork, _special));
        Assert.Equal(_special6.Select(address => (address, TurnClient.Forbidden)), await AskAsync(turn, AddressFamily.InterNetworkV6, _special6));
    }

    [InstalledFact("turnserver")]
    public async Task Relay_ToAPublicAddress_IsPermitted()
    {
        await using var turn = await TurnServer.StartAsync("-c", Configuration, $"--static-auth-secret={Secret}");

        Assert.Equal(_public.Select(address => (address, 0)), await AskAsync(turn, AddressFamily.InterNetwork, _public));
        Assert.Equal(_public6.Select(address => (address, 0)), await AskAsync(turn, AddressFamily.InterNetworkV6, _public6));
    }

    [InstalledFact("turnserver")]
    public async Task Relays_OfOneParticipantOverTheQuota_AreRefusedAlsoWithARenewedCredential()
    {
        await using var turn = await TurnServer.StartAsync("-c", Configuration, $"--static-auth-secret={Secret}");
        var (participant, other) = (ParticipantId.New(), ParticipantId.New());
        var clients = new List<TurnClient>();
        try
        {
            // Each renewal has another time of expiry in the name of the user; the participant in it stays.
            for (var i = 0; i < UserQuota; i++)
            {
                Assert.Equal(0, await AllocateAsync(participant, TimeSpan.FromSeconds(-i)));
            }

            Assert.Equal(TurnClient.QuotaReached, await AllocateAsync(participant, TimeSpan.FromSeconds(-UserQuota)));
            Assert.Equal(0, await AllocateAsync(other, TimeSpan.Zero));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        async Task<int> AllocateAsync(ParticipantId who, TimeSpan shift)
        {
            var options = new TurnOptions { Secret = Secret, Urls = { "turn:127.0.0.1" } };
            var time = new ManualTime(DateTimeOffset.UtcNow + shift);
            var credential = new TurnCredentialIssuer(Options.Create(options), time).Issue(who).IceServers.Single();
            var client = new TurnClient(turn.Port, credential.Username, credential.Credential);
            clients.Add(client);
            return await client.AllocateAsync();
        }
    }

    private static string Configuration { get; } = Path.Combine(AppContext.BaseDirectory, "turnserver.conf");

    private static async Task<List<(string Address, int Refusal)>> AskAsync(TurnServer turn, AddressFamily family, string[] addresses)
    {
        var options = new TurnOptions { Secret = Secret, Urls = { "turn:127.0.0.1" } };
        var credential = new TurnCredentialIssuer(Options.Create(options), TimeProvider.System).Issue(ParticipantId.New()).IceServers.Single();
        using var client = new TurnClient(turn.Port, credential.Username, credential.Credential);
        Assert.Equal(0, await client.AllocateAsync(family));
        var answers = new List<(string, int)>();
        foreach (var address in addresses)
        {
            answers.Add((address, await client.PermitAsync(IPAddress.Parse(address))));
        }

        return answers;
    }
}
