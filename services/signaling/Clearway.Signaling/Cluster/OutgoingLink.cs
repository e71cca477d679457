namespace Clearway.Signaling.Cluster;

/// <summary>
/// What this node sends to one other. Redis' pub/sub delivers at most once, and nothing while it is away: messages are numbered and kept until
/// the other node says that it took them. Once one is overdue the link holds what comes, until Redis passes the oldest on; then all that is
/// kept is sent again, in order. What the other node has already it drops (<see cref="IncomingLink"/>).
/// </summary>
/// <param name="from">This node.</param>
/// <param name="time">The clock.</param>
internal sealed class OutgoingLink(string from, TimeProvider time)
{
    /// <summary>What is kept for one node; what comes beyond is lost.</summary>
    internal const int MaxKeptBytes = 8 * 1024 * 1024;

    /// <summary>How long the other node may take to say that it took something; twice as long after each time that all was sent again.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>A node from which nothing came for so long has nobody left who may resume.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(45);

    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _kept = new(); // guarded by _gate
    private long _link = 1; // guarded by _gate
    private long _taken; // guarded by _gate
    private int _keptBytes; // guarded by _gate
    private long _sentAt; // guarded by _gate; when something was taken, or the oldest was sent
    private long _progressAt; // guarded by _gate; when something was taken, or the oldest was added
    private TimeSpan _patience = Patience; // guarded by _gate
    private bool _isHeld; // guarded by _gate

    /// <summary>Numbers a message and keeps it.</summary>
    /// <returns>Whether it is kept, and the frame to send now; null while the link holds back.</returns>
    internal (bool IsKept, byte[]? Frame) Add(ClusterMessage message)
    {
        lock (_gate)
        {
            if (_keptBytes >= MaxKeptBytes)
            {
                return (false, null);
            }

            if (_kept.Count == 0)
            {
                Progress();
            }

            var frame = new LinkFrame.Numbered(from, _link, _taken + _kept.Count + 1, message).ToBytes();
            _kept.Enqueue(frame);
            _keptBytes += frame.Length;
            return (true, _isHeld ? null : frame);
        }
    }

    /// <summary>The other node took everything up to a number.</summary>
    internal void Acknowledge(long link, long number)
    {
        lock (_gate)
        {
            if (link != _link)
            {
                return;
            }

            while (_taken < number && _kept.TryDequeue(out var frame))
            {
                _taken++;
                _keptBytes -= frame.Length;
                Progress();
            }
        }
    }

    /// <summary>The oldest frame, when it is overdue: from now on what comes is held back until <see cref="Release"/>. Else null.</summary>
    internal byte[]? Hold()
    {
        lock (_gate)
        {
            if (_kept.Count == 0)
            {
                _isHeld = false;
                return null;
            }

            if (!_isHeld && time.GetElapsedTime(_sentAt) < _patience)
            {
                return null;
            }

            _isHeld = true;
            return _kept.Peek();
        }
    }

    /// <summary>What is kept, to be sent once more: the way is open again.</summary>
    internal byte[][] Release()
    {
        lock (_gate)
        {
            _isHeld = false;
            _sentAt = time.GetTimestamp();
            _patience *= 2;
            return [.. _kept];
        }
    }

    /// <summary>Gives up what was not taken for <see cref="Lifetime"/> and begins anew; answers how many messages are lost.</summary>
    internal int Expire()
    {
        lock (_gate)
        {
            if (_kept.Count == 0 || time.GetElapsedTime(_progressAt) < Lifetime)
            {
                return 0;
            }

            var lost = _kept.Count;
            _kept.Clear();
            _link++;
            (_taken, _keptBytes, _isHeld) = (0, 0, false);
            return lost;
        }
    }

    private void Progress()
    {
        _sentAt = _progressAt = time.GetTimestamp();
        _patience = Patience;
    }
}
