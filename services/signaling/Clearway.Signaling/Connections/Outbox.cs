using Clearway.Signaling.Framing;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Connections;

/// <summary>
/// What goes out over one connection. A frame is written straight into the transport while that takes it, and waits in the log while not.
/// Counted frames stay in the log until the client's pong acknowledges them, so that a session that resumes misses none. What is held is
/// bounded: a reader that does not keep up is closed and never waited for.
/// </summary>
internal sealed partial class Outbox(FrameSocket socket, FlushQueue flushes, TimeProvider time, int maxBytes)
{
    private const int BatchBytes = 32 * 1024;

    private readonly Lock _gate = new();

    // A quarter of what may be held is the transport's own. All below is guarded by _gate.
    private readonly FrameLog _log = new(maxBytes / 4 * 3);
    private volatile CloseReason? _reason;
    private byte[]? _pong;
    private long _pinged = -1;
    private long _waitsSince;
    private bool _isAcknowledging;
    private bool _isFlushing;
    private bool _isDirty;
    private bool _isCloseSent;
    private bool _isGone;
    private bool _isTaken;
    private bool _hasLost;

    /// <summary>Why the connection ends; null while it lives.</summary>
    internal CloseReason? Reason => _reason;

    /// <summary>Whether frames for an absent participant were lost for want of room.</summary>
    internal bool HasLost
    {
        get
        {
            lock (_gate)
            {
                return _hasLost;
            }
        }
    }

    // A client that is known to acknowledge is sent no more than half of the limit ahead: then nothing that it lost was dropped here.
    private bool CanSend => !_isFlushing && !_isCloseSent
        && (!_isAcknowledging || _reason is not null || _log.UnacknowledgedBytes < maxBytes / 2);

    internal void Post(ServerFrame frame) => Post(new FrameBytes(frame.Bytes.Span), frame.IsKept, isUrgent: true);

    /// <summary>Sends a frame as soon as the connection takes it; closes the connection as a slow reader when too many wait.</summary>
    /// <param name="frame">The payload.</param>
    /// <param name="isCounted">Whether the session that resumes gets it again.</param>
    /// <param name="isUrgent">Whether it leaves with the batch that is being read, rather than with what others say to the room.</param>
    internal void Post(scoped FrameBytes frame, bool isCounted, bool isUrgent)
    {
        lock (_gate)
        {
            if (_isTaken)
            {
                return;
            }

            if (_isGone || _reason is not null)
            {
                Keep(frame, isCounted);
                return;
            }

            var isSent = CanSend && !_log.HasUnsent;
            if (isSent)
            {
                socket.Write(Opcode.Text, frame);
                MarkDirty(isUrgent);
            }

            if (!isSent && !_isFlushing && !_log.HasUnsent)
            {
                _waitsSince = time.GetTimestamp();
            }

            if ((isCounted || !isSent) && !_log.TryAdd(frame, isCounted, isSent))
            {
                Lose();
                CloseNow(CloseReason.SlowReader);
            }
            else if (isSent)
            {
                PingWhenDue();
            }
        }
    }

    /// <summary>Sends a frame that is worth nothing a moment later; drops it when others wait already.</summary>
    internal void PostGlimpse(ServerFrame frame)
    {
        lock (_gate)
        {
            if (CanSend && !_log.HasUnsent && _reason is null && !_isGone)
            {
                Post(new FrameBytes(frame.Bytes.Span), frame.IsKept, isUrgent: false);
            }
        }
    }

    /// <summary>Sends what was written, as far as the connection takes it.</summary>
    internal void Flush()
    {
        lock (_gate)
        {
            _isDirty = false;
            while (!_isFlushing && !_isGone)
            {
                var flushing = socket.FlushAsync();
                if (!flushing.IsCompleted)
                {
                    _isFlushing = true;
                    Progress();
                    _ = GoOnAfterAsync(flushing);
                    return;
                }

                flushing.GetAwaiter().GetResult();
                if (!Pump())
                {
                    return;
                }
            }
        }
    }

    /// <summary>Answers a ping (RFC 6455 section 5.5.3); of several that could not be answered yet, the last.</summary>
    internal void Pong(ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            if (_isFlushing)
            {
                _pong = payload.ToArray();
            }
            else if (!_isCloseSent && !_isGone)
            {
                socket.Write(Opcode.Pong, new FrameBytes(payload));
                MarkDirty(isUrgent: true);
            }
        }
    }

    /// <summary>
    /// How long nothing of what waits has left, or, once the connection is closing, how long ago that began; zero while all is well. And how
    /// many bytes are held, after memory was given back that was of no use since the last look.
    /// </summary>
    internal (TimeSpan Waits, int Held) Look(long now)
    {
        lock (_gate)
        {
            _log.Trim();
            var waits = _isFlushing || _log.HasUnsent || _reason is not null ? time.GetElapsedTime(_waitsSince, now) : TimeSpan.Zero;
            return (waits, _log.Bytes);
        }
    }

    private async Task GoOnAfterAsync(ValueTask flushing)
    {
        await flushing;
        lock (_gate)
        {
            _isFlushing = false;
            Progress();
            if (!Pump())
            {
                return;
            }
        }

        Flush();
    }

    // Writes what waited, a batch at most; true when there was something to write.
    private bool Pump()
    {
        if (_isGone)
        {
            return false;
        }

        var bytes = 0;
        if (_pong is { } pong && !_isCloseSent)
        {
            socket.Write(Opcode.Pong, new FrameBytes(pong));
            _pong = null;
            bytes++;
        }

        while (bytes < BatchBytes && CanSend && _log.HasUnsent)
        {
            var frame = _log.Next();
            socket.Write(Opcode.Text, frame);
            bytes += frame.Length;
            _log.MarkSent();
        }

        PingWhenDue();
        if (_reason is not null && !_isCloseSent && !_log.HasUnsent)
        {
            WriteEnd();
            bytes++;
        }

        return bytes > 0;
    }

    private void Progress()
    {
        if (_reason is null)
        {
            _waitsSince = time.GetTimestamp();
        }
    }

    private void MarkDirty(bool isUrgent)
    {
        if (!_isDirty || isUrgent)
        {
            _isDirty = true;
            flushes.Add(this, isUrgent);
        }
    }
}
