using Clearway.Signaling.Rooms;
using StackExchange.Redis;

namespace Clearway.Signaling.Cluster;

/// <summary>
/// The way between nodes: one pub/sub channel a node. What one node sends to another arrives in order, because one writer sends it and
/// one reader takes it; it arrives at most once, and what is lost is mended by <see cref="RosterSync"/>.
/// </summary>
internal sealed class NodeLink(
    IConnectionMultiplexer redis,
    NodeIdentity node,
    ClusterOutbox outbox,
    RoomDirectory rooms,
    SignalingMetrics metrics,
    ILogger<NodeLink> logger) : BackgroundService
{
    /// <summary>
    /// Subscribes before the node admits anybody: whoever learns of this node reaches it. The subscription ends with the connection.
    /// </summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var incoming = await redis.GetSubscriber().SubscribeAsync(ChannelOf(node.Id));
        incoming.OnMessage(message => Receive((byte[]?)message.Message));
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        outbox.Complete();
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var subscriber = redis.GetSubscriber();
        await foreach (var (to, message) in outbox.Waiting.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                await subscriber.PublishAsync(ChannelOf(to), message.ToBytes(), CommandFlags.FireAndForget);
            }
            catch (RedisException exception)
            {
                Log.NotSent(logger, to, exception);
            }
        }
    }

    private static RedisChannel ChannelOf(string node) => RedisChannel.Literal($"clearway:node:{node}:frames");

    private void Receive(byte[]? bytes)
    {
        try
        {
            if (bytes is not null && ClusterMessage.Parse(bytes) is { } message)
            {
                metrics.ClusterMessage("received");
                rooms.Find(message.Room)?.Take(message);
            }
        }
#pragma warning disable CA1031 // One message that cannot be handled must not end the way between nodes.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.NotTaken(logger, exception);
        }
    }
}
