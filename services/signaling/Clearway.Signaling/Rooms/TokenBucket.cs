namespace Clearway.Signaling.Rooms;

/// <summary>So many at once, and so many a second: each takes one token, and the bucket fills again at that rate.</summary>
/// <remarks>Not thread-safe: a connection's reader has it alone.</remarks>
internal sealed class TokenBucket(int perSecond, TimeProvider time)
{
    private double _tokens = perSecond;
    private long _filledAt = time.GetTimestamp();

    /// <summary>Takes a token, or tells how long to wait for the next one.</summary>
    internal bool TryTake(out TimeSpan wait)
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(perSecond, _tokens + (time.GetElapsedTime(_filledAt, now).TotalSeconds * perSecond));
        _filledAt = now;
        wait = TimeSpan.Zero;
        if (_tokens < 1)
        {
            wait = TimeSpan.FromSeconds((1 - _tokens) / perSecond);
            return false;
        }

        _tokens--;
        return true;
    }
}
