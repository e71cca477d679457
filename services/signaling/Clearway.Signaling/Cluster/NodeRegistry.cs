using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Clearway.Signaling.Cluster;

/// <summary>
/// Says in Redis that this node is alive and where it takes connections: <c>clearway:node:ID</c> holds the address (empty: nowhere) and
/// expires with the node, <c>clearway:nodes</c> lists the ids. Each heartbeat also tells whether Redis still remembers.
/// </summary>
internal sealed class NodeRegistry(
    IConnectionMultiplexer redis,
    RedisEpoch epoch,
    NodeIdentity node,
    NodeAddress address,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    IOptions<SignalingOptions> options,
    ILogger<NodeRegistry> logger) : BackgroundService
{
    private readonly SignalingOptions _options = options.Value;

    private volatile bool _isWithdrawn;

    private string Key => "clearway:node:" + node.Id;

    /// <summary>The first heartbeat comes before the first participant: an unknown node's participants count as away.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await BeatAsync();
        redis.ConnectionRestored += OnConnectionRestored;
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Names no address from now on: the node lives and takes no connections.</summary>
    internal Task WithdrawAsync()
    {
        _isWithdrawn = true;
        return BeatAsync();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        redis.ConnectionRestored -= OnConnectionRestored;
        await base.StopAsync(cancellationToken);
        try
        {
            await redis.GetDatabase().KeyDeleteAsync(Key).WaitAsync(_options.RedisTimeout, CancellationToken.None);
            await redis.GetDatabase().SetRemoveAsync(NodeScripts.Nodes, node.Id).WaitAsync(_options.RedisTimeout, CancellationToken.None);
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

    // The sooner what Redis forgot is put back, the sooner rooms are open again.
    private void OnConnectionRestored(object? sender, ConnectionFailedEventArgs restored) => _ = BeatAsync();

    // Past the circuit breaker: it costs one command, and finds out that Redis is back.
    private async Task BeatAsync()
    {
        try
        {
            RedisKey[] keys = [NodeScripts.Epoch, NodeScripts.Nodes, Key];
            RedisValue[] values =
            [
                node.Id,
                _isWithdrawn ? "" : address.Value,
                (long)_options.NodeTimeout.TotalMilliseconds,
                epoch.Known,
                (long)_options.RebuildGrace.TotalMilliseconds,
            ];
            var answer = await redis.GetDatabase().ScriptEvaluateAsync(NodeScripts.Beat, keys, values).WaitAsync(_options.RedisTimeout);
            if ((RedisValue[]?)answer is [var id, var clock, var completeAt])
            {
                epoch.Heard(id.ToString(), (long)clock, (long)completeAt);
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            Log.NoHeartbeat(logger, exception);
        }
    }
}
