using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using IServer = Microsoft.AspNetCore.Hosting.Server.IServer;

namespace Clearway.Signaling.Cluster;

/// <summary>
/// Where others reach this node: <c>Signaling:AdvertisedAddress</c>, else the address that Kestrel listens on. One that means every
/// interface becomes that of the interface towards Redis, which is where the proxies are as well; a loopback one stays, for a proxy
/// on this machine (others find that nobody answers there by this node's id).
/// </summary>
internal sealed class NodeAddress(IConnectionMultiplexer redis, IServer server, IOptions<SignalingOptions> options)
{
    /// <summary>The address, or an empty string before the server listens.</summary>
    internal string Value =>
        options.Value.AdvertisedAddress
        ?? (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } bound ? Reachable(bound) : "");

    private string Reachable(string bound)
    {
        var address = BindingAddress.Parse(bound);
        var means = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? TowardsRedis() : address.Host;
        return means is null ? "" : new UriBuilder(address.Scheme, means, address.Port).Uri.GetLeftPart(UriPartial.Authority);
    }

    private string? TowardsRedis()
    {
        try
        {
            // Connecting a UDP socket asks the routing table and sends nothing.
            using var socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(redis.GetEndPoints()[0]);
            var local = ((IPEndPoint)socket.LocalEndPoint!).Address;
            return (local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local).ToString();
        }
        catch (SocketException)
        {
            // No way there at this moment; the next heartbeat asks again.
            return null;
        }
    }
}
