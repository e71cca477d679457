using System.Threading.Channels;

namespace Clearway.Signaling.Cluster;

/// <summary>What waits to be sent to other nodes, in order.</summary>
internal sealed class ClusterOutbox(NodeIdentity node, SignalingMetrics metrics)
{
    // Beyond this Redis is not keeping up, and what waits is stale anyway.
    private const int MaxWaiting = 100_000;

    private readonly Channel<(string Node, ClusterMessage Message)> _waiting = Channel.CreateBounded<(string, ClusterMessage)>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    internal ChannelReader<(string Node, ClusterMessage Message)> Waiting => _waiting.Reader;

    /// <summary>Queues a message for each of the nodes, this one left out; never waits.</summary>
    internal void Send(IEnumerable<string> nodes, ClusterMessage message)
    {
        foreach (var to in nodes)
        {
            if (to != node.Id)
            {
                metrics.ClusterMessage(_waiting.Writer.TryWrite((to, message)) ? "sent" : "dropped");
            }
        }
    }

    /// <summary>Takes no more messages.</summary>
    internal void Complete() => _waiting.Writer.TryComplete();
}
