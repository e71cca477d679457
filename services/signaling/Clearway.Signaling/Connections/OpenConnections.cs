using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Clearway.Signaling.Protocol;
using Microsoft.Extensions.Options;

namespace Clearway.Signaling.Connections;

/// <summary>
/// The node's open connections. A sweep over each of them once a second does what would else take timers of each: keep-alive, and ending
/// what takes too long. It goes slice by slice: thousands at once would hold up what is relayed meanwhile.
/// </summary>
internal sealed class OpenConnections(TimeProvider time, IOptions<SignalingOptions> options, SignalingMetrics metrics) : BackgroundService
{
    private const int Slices = 32;

    private static readonly TimeSpan SliceInterval = TimeSpan.FromSeconds(1) / Slices;

    private readonly ConcurrentDictionary<SignalingConnection, byte>[] _open =
        [.. Enumerable.Range(0, Slices).Select(_ => new ConcurrentDictionary<SignalingConnection, byte>())];

    // What the connections of each slice held when it was swept.
    private readonly (long Bytes, int Most)[] _held = new (long, int)[Slices];

    // Connections that ended while the transport may still send: cut when it takes too long.
    private readonly ConcurrentQueue<(long Since, SignalingConnection Connection)> _ending = new();
    private int _count;

    /// <summary>Whether the node takes no more connections.</summary>
    internal bool IsDraining { get; private set; }

    /// <summary>How many connections are open.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>Where what is sent over the open connections waits.</summary>
    internal IEnumerable<Outbox> All => _open.SelectMany(slice => slice.Keys).Select(connection => connection.Outbox);

    internal void Add(SignalingConnection connection)
    {
        SliceOf(connection)[connection] = 0;
        Interlocked.Increment(ref _count);
        if (IsDraining)
        {
            connection.Outbox.Close(CloseReason.ServerDraining);
        }
    }

    internal void Remove(SignalingConnection connection)
    {
        _ending.Enqueue((time.GetTimestamp(), connection));
        SliceOf(connection).TryRemove(connection, out _);
        Interlocked.Decrement(ref _count);
    }

    /// <summary>From now on new connections are closed at once.</summary>
    internal void TakeNoMore() => IsDraining = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SliceInterval, time);
        var (begun, swept) = (time.GetTimestamp(), 0L);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                // All that are due, each once: a late tick stands for those that it missed.
                var now = time.GetTimestamp();
                var due = time.GetElapsedTime(begun, now).Ticks / SliceInterval.Ticks;
                for (swept = Math.Max(swept, due - Slices); swept < due; swept++)
                {
                    Sweep((int)(swept % Slices), now);
                }

                metrics.Held(_held.Sum(slice => slice.Bytes), _held.Max(slice => slice.Most));
                CutEnding(now);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops; connections end by themselves or with it.
        }
    }

    private void Sweep(int slice, long now)
    {
        var (bytes, most) = (0L, 0);
        foreach (var (connection, _) in _open[slice])
        {
            var held = connection.Sweep(now);
            bytes += held;
            most = Math.Max(most, held);
        }

        _held[slice] = (bytes, most);
    }

    private void CutEnding(long now)
    {
        while (_ending.TryPeek(out var ending) && time.GetElapsedTime(ending.Since, now) > options.Value.CloseTimeout)
        {
            _ending.TryDequeue(out _);
            ending.Connection.Abort();
        }
    }

    private ConcurrentDictionary<SignalingConnection, byte> SliceOf(SignalingConnection connection) =>
        _open[(uint)RuntimeHelpers.GetHashCode(connection) % Slices];
}
