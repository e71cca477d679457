using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace Clearway.AppHost;

/// <summary>
/// coturn, which relays the media of browsers that cannot reach each other, for use on this machine. <c>Clearway:Turn:Enabled</c> false
/// leaves it out. A deployment names its own by <c>Clearway:Turn:Urls</c>: a relay needs public UDP ports, which app platforms do not give.
/// </summary>
internal static class TurnServer
{
    // Ports of relayed streams: four for each pair of peers that is relayed.
    private const string FirstRelayPort = "49160";
    private const string LastRelayPort = "49260";

    /// <summary>Adds the server and offers it to callers through <paramref name="auth"/>, which runs on when the server does not.</summary>
    /// <param name="auth">The service that hands out TURN credentials.</param>
    /// <param name="name">Name of the server.</param>
    /// <param name="secret">Shared by both, to sign and check credentials.</param>
    public static IResourceBuilder<ProjectResource> WithTurnServer(this IResourceBuilder<ProjectResource> auth, string name, IResourceBuilder<ParameterResource> secret)
    {
        var builder = auth.ApplicationBuilder;
        if (builder.ExecutionContext.IsPublishMode)
        {
            return auth.WithTurnServers(builder.Configuration.GetSection("Clearway:Turn:Urls").Get<string[]>() ?? [], secret);
        }

        if (!builder.Configuration.GetValue("Clearway:Turn:Enabled", defaultValue: true))
        {
            return auth;
        }

        var turn = builder.AddContainer(name, "coturn/coturn", "4.6.3")
            .WithEndpoint(port: 3478, targetPort: 3478, scheme: "turn", name: "udp", protocol: ProtocolType.Udp)
            .WithEndpoint(port: 3478, targetPort: 3478, scheme: "turn", name: "tcp", protocol: ProtocolType.Tcp)
            .WithContainerRuntimeArgs("-p", $"{FirstRelayPort}-{LastRelayPort}:{FirstRelayPort}-{LastRelayPort}/udp");
        var udp = turn.GetEndpoint("udp");
        var tcp = turn.GetEndpoint("tcp");
        turn.WithArgs(
            "--log-file=stdout",
            "--no-cli",
            "--no-tls",
            "--no-dtls",
            "--fingerprint",
            "--realm=clearway",
            "--use-auth-secret",
            ReferenceExpression.Create($"--static-auth-secret={secret}"),
            ReferenceExpression.Create($"--listening-port={udp.Property(EndpointProperty.TargetPort)}"),
            $"--min-port={FirstRelayPort}",
            $"--max-port={LastRelayPort}",
            "--external-ip=127.0.0.1",

            // All peers of a call on one machine are on its loopback interface.
            "--allow-loopback-peers");

        return auth
            .WithEnvironment("Turn__Urls__0", $"turn:{udp.Property(EndpointProperty.Host)}:{udp.Property(EndpointProperty.Port)}?transport=udp")
            .WithEnvironment("Turn__Urls__1", $"turn:{tcp.Property(EndpointProperty.Host)}:{tcp.Property(EndpointProperty.Port)}?transport=tcp")
            .WithEnvironment("Turn__Secret", secret);
    }

    private static IResourceBuilder<ProjectResource> WithTurnServers(this IResourceBuilder<ProjectResource> auth, string[] urls, IResourceBuilder<ParameterResource> secret)
    {
        foreach (var (i, url) in urls.Index())
        {
            auth.WithEnvironment($"Turn__Urls__{i}", url);
        }

        return urls.Length == 0 ? auth : auth.WithEnvironment("Turn__Secret", secret);
    }
}
