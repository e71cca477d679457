using System.Buffers.Binary;
using Clearway.Signaling.Framing;

namespace Clearway.Signaling.Connections;

/// <summary>What the client is known to have got, and what is kept for the session that resumes.</summary>
internal sealed partial class Outbox
{
    // Asking for an acknowledgement costs ten bytes; what waits for one is what a lost connection makes us send again.
    private const int PingBytes = 12 * 1024;
    private const int PingPayloadBytes = sizeof(long);

    /// <summary>
    /// Asks whether the client is there, and what it has got: the ping tells how many counted frames were sent before it, and TCP keeps the
    /// order.
    /// </summary>
    internal void Ping()
    {
        lock (_gate)
        {
            WritePing();
        }
    }

    /// <summary>A pong came; one that echoes a ping acknowledges what was sent before that.</summary>
    internal void TakePong(ReadOnlySpan<byte> payload)
    {
        if (payload.Length != PingPayloadBytes)
        {
            return;
        }

        lock (_gate)
        {
            var count = BinaryPrimitives.ReadInt64BigEndian(payload);
            if (count < _log.Acknowledged || count > _pinged || _isTaken)
            {
                return;
            }

            _isAcknowledging = true;
            _log.Acknowledge(count);
            Progress();
            _pinged = count == _pinged ? -1 : _pinged;
            PingWhenDue();
            if (_log.HasUnsent)
            {
                MarkDirty(isUrgent: true);
            }
        }
    }

    /// <summary>Counts on from where the session's older connection ended.</summary>
    internal void CountFrom(long posted)
    {
        lock (_gate)
        {
            _log.CountFrom(posted);
        }
    }

    /// <summary>Gives up what the client did not acknowledge, for the session that resumes; nothing more is sent but the close frame.</summary>
    /// <param name="taken">How many counted frames were taken from the client.</param>
    internal SessionLog Take(long taken)
    {
        lock (_gate)
        {
            _isTaken = true;
            var (before, sent) = (_log.Acknowledged, _log.Sent);
            return new SessionLog(_log.TakeCounted(), before, sent, taken, !_hasLost);
        }
    }

    private void PingWhenDue()
    {
        if (_pinged < 0 && _log.UnacknowledgedBytes >= PingBytes)
        {
            WritePing();
        }
    }

    private void WritePing()
    {
        if (!socket.HasPings || _isFlushing || _isCloseSent || _isGone)
        {
            return;
        }

        Span<byte> payload = stackalloc byte[PingPayloadBytes];
        _pinged = _log.Sent;
        BinaryPrimitives.WriteInt64BigEndian(payload, _pinged);
        socket.Write(Opcode.Ping, new FrameBytes(payload));
        MarkDirty(isUrgent: true);
    }

    private void Keep(scoped FrameBytes frame, bool isCounted)
    {
        if (isCounted && !_hasLost && !_log.TryAdd(frame, isCounted, isSent: false))
        {
            Lose();
        }
    }

    private void Lose()
    {
        _hasLost = true;
        _log.Clear();
    }
}
