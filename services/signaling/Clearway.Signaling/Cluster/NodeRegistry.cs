using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Clearway.Signaling.Cluster;

/// <summary>
/// Says in Redis that this node is alive and where it listens: <c>clearway:node:ID</c> holds the address and expires with the node,
/// <c>clearway:nodes</c> lists the ids.
/// </summary>
internal sealed class NodeRegistry(
    IConnectionMultiplexer redis,
    NodeIdentity node,
    NodeAddress address,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    IOptions<SignalingOptions> options,
    ILogger<NodeRegistry> logger) : BackgroundService
{
    private const string Nodes = "clearway:nodes";

    private readonly SignalingOptions _options = options.Value;

    private string Key => "clearway:node:" + node.Id;

    /// <summary>The first heartbeat comes before the first participant: an unknown node's participants count as away.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await BeatAsync();
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await redis.GetDatabase().KeyDeleteAsync(Key).WaitAsync(_options.RedisTimeout, CancellationToken.None);
            await redis.GetDatabase().SetRemoveAsync(Nodes, node.Id).WaitAsync(_options.RedisTimeout, CancellationToken.None);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            Log.NoHeartbeat(logger, exception);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The address is known when the server listens, which is after the background services started.
        using var started = lifetime.ApplicationStarted.Register(() => _ = BeatAsync());
        using var timer = new PeriodicTimer(_options.HeartbeatInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await BeatAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async Task BeatAsync()
    {
        try
        {
            var database = redis.GetDatabase();
            await database.StringSetAsync(Key, address.Value, _options.NodeTimeout).WaitAsync(_options.RedisTimeout);
            await database.SetAddAsync(Nodes, node.Id).WaitAsync(_options.RedisTimeout);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            Log.NoHeartbeat(logger, exception);
        }
    }
}
