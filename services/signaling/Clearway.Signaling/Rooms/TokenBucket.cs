namespace Clearway.Signaling.Rooms;

/// <summary>
/// So many at once, and so many a second: each takes one token, and the bucket fills again at that rate. Decided by one compare-and-swap,
/// for connections of one participant may follow each other closely.
/// </summary>
internal sealed class TokenBucket(int perSecond, TimeProvider time)
{
    // Later than a token says when it is due, so that what waits for it finds it.
    private static readonly TimeSpan TimerStep = TimeSpan.FromMilliseconds(1);

    private readonly long _ticksPerToken = time.TimestampFrequency / perSecond;
    private long _fullAt = long.MinValue;

    /// <summary>Takes a token, or tells how long to wait for the next one.</summary>
    internal bool TryTake(out TimeSpan wait)
    {
        while (true)
        {
            var now = time.GetTimestamp();
            var fullAt = Volatile.Read(ref _fullAt);
            var fullThen = Math.Max(fullAt, now) + _ticksPerToken;
            var tooEarly = fullThen - now - (_ticksPerToken * perSecond);
            if (tooEarly > 0)
            {
                wait = time.GetElapsedTime(0, tooEarly);
                return false;
            }

            if (Interlocked.CompareExchange(ref _fullAt, fullThen, fullAt) == fullAt)
            {
                wait = TimeSpan.Zero;
                return true;
            }
        }
    }

    /// <summary>Takes a token as soon as there is one.</summary>
    internal async ValueTask TakeAsync()
    {
        while (!TryTake(out var wait))
        {
            await Task.Delay(wait + TimerStep, time);
        }
    }
}
