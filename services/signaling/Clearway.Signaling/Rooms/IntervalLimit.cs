namespace Clearway.Signaling.Rooms;

/// <summary>One chat line, or one own track, per interval, decided by one compare-and-swap: of two at the same time one passes.</summary>
internal sealed class IntervalLimit(TimeSpan interval, TimeProvider time)
{
    private readonly long _ticks = (long)(interval.TotalSeconds * time.TimestampFrequency);
    private long _next = long.MinValue;

    /// <summary>Takes the place of this moment, or tells how long to wait for the next one.</summary>
    internal bool TryTake(out TimeSpan wait)
    {
        var now = time.GetTimestamp();
        var next = Volatile.Read(ref _next);
        if (now >= next && Interlocked.CompareExchange(ref _next, now + _ticks, next) == next)
        {
            wait = TimeSpan.Zero;
            return true;
        }

        wait = time.GetElapsedTime(now, Volatile.Read(ref _next));
        return false;
    }
}
