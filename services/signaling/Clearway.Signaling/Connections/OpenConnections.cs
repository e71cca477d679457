using System.Collections.Concurrent;
using Clearway.Signaling.Protocol;
using Microsoft.Extensions.Options;

namespace Clearway.Signaling.Connections;

/// <summary>
/// The node's open connections. One sweep a second over all of them does what would else take timers of each: keep-alive, and ending what
/// takes too long.
/// </summary>
internal sealed class OpenConnections(TimeProvider time, IOptions<SignalingOptions> options, SignalingMetrics metrics) : BackgroundService
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<SignalingConnection, byte> _open = [];

    // Connections that ended while the transport may still send: cut when it takes too long.
    private readonly ConcurrentQueue<(long Since, SignalingConnection Connection)> _ending = new();
    private int _count;

    /// <summary>Whether the node takes no more connections.</summary>
    internal bool IsDraining { get; private set; }

    /// <summary>How many connections are open.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>Where what is sent over the open connections waits.</summary>
    internal IEnumerable<Outbox> All => _open.Keys.Select(connection => connection.Outbox);

    internal void Add(SignalingConnection connection)
    {
        _open[connection] = 0;
        Interlocked.Increment(ref _count);
        if (IsDraining)
        {
            connection.Outbox.Close(CloseReason.ServerDraining);
        }
    }

    internal void Remove(SignalingConnection connection)
    {
        _ending.Enqueue((time.GetTimestamp(), connection));
        _open.TryRemove(connection, out _);
        Interlocked.Decrement(ref _count);
    }

    /// <summary>From now on new connections are closed at once.</summary>
    internal void TakeNoMore() => IsDraining = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SweepInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Sweep(time.GetTimestamp());
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops; connections end by themselves or with it.
        }
    }

    private void Sweep(long now)
    {
        var (bytes, most) = (0L, 0);
        foreach (var (connection, _) in _open)
        {
            connection.Sweep(now);
            var held = connection.Outbox.Trim();
            bytes += held;
            most = Math.Max(most, held);
        }

        metrics.Held(bytes, most);
        while (_ending.TryPeek(out var ending) && time.GetElapsedTime(ending.Since, now) > options.Value.CloseTimeout)
        {
            _ending.TryDequeue(out _);
            ending.Connection.Abort();
        }
    }
}
