using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace Clearway.Proxy.Routing;

/// <summary>
/// Brings the participants of a room to one node by rendezvous hashing (highest random weight): every proxy chooses alike without
/// talking to the others, and a node that comes or goes moves only the rooms that are its own. Without a hint: the node with the
/// fewest requests.
/// </summary>
internal sealed class RoomAffinity : ILoadBalancingPolicy
{
    internal const string PolicyName = "RoomAffinity";

    public string Name => PolicyName;

    public DestinationState? PickDestination(
        HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations) =>
        RoomHint.Of(context.Request.Headers) is { } room
            ? availableDestinations.MaxBy(node => Weight(room, node.DestinationId))
            : availableDestinations.MinBy(node => node.ConcurrentRequestCount);

    /// <summary>What a node weighs for a room: uniform over rooms and nodes, and the same in every process.</summary>
    internal static ulong Weight(string room, string node)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{room}@{node}"), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
