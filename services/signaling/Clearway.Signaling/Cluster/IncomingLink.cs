namespace Clearway.Signaling.Cluster;

/// <summary>
/// What this node took from one other: each message once and in order. One that comes again is dropped, as is one before which others are
/// missing: it is sent again with them.
/// </summary>
internal sealed class IncomingLink
{
    // The other node keeps what is not acknowledged.
    private const int LongestUnacknowledged = 64;

    private readonly Lock _gate = new();
    private long _link; // guarded by _gate
    private long _taken; // guarded by _gate
    private long _acknowledged; // guarded by _gate
    private bool _isAwaited; // guarded by _gate; a message came that the other node would not have sent if it knew what was taken

    /// <summary>Takes the message of that number; false when it is not its turn.</summary>
    internal bool TryTake(long link, long number)
    {
        lock (_gate)
        {
            if (link > _link && number == 1)
            {
                (_link, _taken, _acknowledged) = (link, 0, 0);
            }

            if (link != _link || number != _taken + 1)
            {
                _isAwaited |= link == _link;
                return false;
            }

            _taken = number;
            return true;
        }
    }

    /// <summary>What the other node has to be told; null when it knows, or when that can wait for more.</summary>
    internal (long Link, long Number)? Acknowledge(bool canWait)
    {
        lock (_gate)
        {
            if (canWait ? _taken - _acknowledged < LongestUnacknowledged : _taken == _acknowledged && !_isAwaited)
            {
                return null;
            }

            _acknowledged = _taken;
            _isAwaited = false;
            return (_link, _taken);
        }
    }
}
