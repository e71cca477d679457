namespace Clearway.Signaling.Cluster;

/// <summary>
/// What this node knows of Redis' memory. An epoch is a time during which Redis forgot nothing and some node always reached it; a new one
/// begins when Redis was emptied, restarted or out of reach (docs/decisions/0009-rebuilding-redis.md). Redis takes changes of a room
/// from this node only while <see cref="Known"/> is the epoch that it is in.
/// </summary>
internal sealed class RedisEpoch
{
    private readonly Lock _gate = new();
    private string _current = ""; // guarded by _gate
    private string _known = ""; // guarded by _gate
    private long _redisTime; // guarded by _gate
    private long _readAt; // guarded by _gate
    private long _completeAt = long.MaxValue; // guarded by _gate
    private TaskCompletionSource _begun = NewSignal(); // guarded by _gate

    /// <summary>The epoch into which this node has put all that it knows; empty before the first heartbeat.</summary>
    internal string Known
    {
        get
        {
            lock (_gate)
            {
                return _known;
            }
        }
    }

    /// <summary>The epoch that waits for what this node knows; null when there is none.</summary>
    internal string? Awaiting
    {
        get
        {
            lock (_gate)
            {
                return _current == _known ? null : _current;
            }
        }
    }

    /// <summary>Completes when an epoch has begun that this node has to fill.</summary>
    internal Task Begun
    {
        get
        {
            lock (_gate)
            {
                return _begun.Task;
            }
        }
    }

    /// <summary>Redis' clock in Unix milliseconds, as far as this node can tell.</summary>
    internal long RedisTime
    {
        get
        {
            lock (_gate)
            {
                return _redisTime + (long)TimeProvider.System.GetElapsedTime(_readAt).TotalMilliseconds;
            }
        }
    }

    /// <summary>Whether newcomers are let into rooms: nobody has to be waited for who may still put something back.</summary>
    internal bool IsComplete
    {
        get
        {
            lock (_gate)
            {
                return RedisTime >= _completeAt;
            }
        }
    }

    /// <summary>Takes what a heartbeat was answered.</summary>
    /// <param name="epoch">The epoch that Redis is in.</param>
    /// <param name="redisTime">Redis' clock in Unix milliseconds.</param>
    /// <param name="completeAt">When newcomers are let into rooms, by the same clock.</param>
    internal void Heard(string epoch, long redisTime, long completeAt)
    {
        lock (_gate)
        {
            _completeAt = completeAt;
            _redisTime = redisTime;
            _readAt = TimeProvider.System.GetTimestamp();
            _current = epoch;
            if (_known.Length == 0)
            {
                // A node that has just started knows nothing that Redis could lack.
                _known = epoch;
            }
            else if (_known != epoch)
            {
                _begun.TrySetResult();
            }
            else if (_begun.Task.IsCompleted)
            {
                // Answers of two heartbeats came in the wrong order.
                _begun = NewSignal();
            }
        }
    }

    /// <summary>All that this node knows is in that epoch's memory.</summary>
    internal void Filled(string epoch)
    {
        lock (_gate)
        {
            _known = epoch;
            _begun = NewSignal();
            if (_current != epoch)
            {
                _begun.TrySetResult();
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
