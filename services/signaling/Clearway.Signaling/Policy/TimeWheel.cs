namespace Clearway.Signaling.Policy;

/// <summary>
/// When rooms are due: 32 shards of a bitmapped wheel, and one timer for all of them. Adding, moving and cancelling cost the same however
/// many rooms there are. Times are Unix milliseconds of the clock that everyone reads, and it may be set forward or back.
/// </summary>
internal sealed class TimeWheel : IDisposable
{
    /// <summary>As many locks as there are shards.</summary>
    internal const int Shards = 32;

    // A clock that is set forward makes rooms due that the timer, which counts what passes, does not know of.
    private const long LongestSleepMs = 1_000;

    private sealed class Shard
    {
        internal Lock Gate { get; } = new();

        internal WheelShard Slots { get; } = new(); // guarded by Gate
    }

    private readonly Shard[] _shards = [.. Enumerable.Range(0, Shards).Select(_ => new Shard())];
    private readonly Lock _arming = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _wake; // written under _arming

    public TimeWheel(TimeProvider time, SignalingMetrics metrics)
    {
        _time = time;
        _timer = time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        metrics.ObserveWheel(() => Count);
        Wake();
    }

    /// <summary>Entries of all shards.</summary>
    internal int Count
    {
        get
        {
            var count = 0;
            foreach (var shard in _shards)
            {
                lock (shard.Gate)
                {
                    count += shard.Slots.Count;
                }
            }

            return count;
        }
    }

    /// <summary>Adds the entry, or moves it.</summary>
    internal void Set(WheelEntry entry, long due)
    {
        var shard = _shards[entry.Shard];
        lock (shard.Gate)
        {
            shard.Slots.Set(entry, due);
        }

        if (due < Volatile.Read(ref _wake))
        {
            WakeBy(due);
        }
    }

    /// <summary>Takes the entry out, if it is in.</summary>
    internal void Cancel(WheelEntry entry)
    {
        var shard = _shards[entry.Shard];
        lock (shard.Gate)
        {
            shard.Slots.Cancel(entry);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Wake()
    {
        lock (_arming)
        {
            // Whoever sets something in a shard that is done already arms the timer again.
            _wake = long.MaxValue;
        }

        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var wake = now + LongestSleepMs;
        var due = new List<WheelEntry>();
        foreach (var shard in _shards)
        {
            lock (shard.Gate)
            {
                shard.Slots.Advance(now, due);
                wake = Math.Min(wake, shard.Slots.NextWake());
            }
        }

        WakeBy(wake);
        foreach (var entry in due)
        {
            entry.OnDue();
        }
    }

    private void WakeBy(long wake)
    {
        lock (_arming)
        {
            if (wake < _wake)
            {
                _wake = wake;
                var sleep = TimeSpan.FromMilliseconds(Math.Max(0, wake - _time.GetUtcNow().ToUnixTimeMilliseconds()));
                _timer.Change(sleep, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
