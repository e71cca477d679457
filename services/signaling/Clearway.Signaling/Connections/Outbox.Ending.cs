using Clearway.Signaling.Framing;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Connections;

/// <summary>How a connection ends: what is queued first, then why, then the close frame.</summary>
internal sealed partial class Outbox
{
    /// <summary>Ends the connection after what is queued has been sent. The first reason counts.</summary>
    internal void Close(CloseReason reason)
    {
        lock (_gate)
        {
            CloseNow(reason);
        }
    }

    /// <summary>The client closed: its close frame is answered with the same code (RFC 6455 section 5.5.1).</summary>
    internal void TakeClose(int? status)
    {
        lock (_gate)
        {
            if (!_isCloseSent && !_isGone && !_isFlushing)
            {
                WriteClose(status, "");
                MarkDirty(isUrgent: true);
            }
        }
    }

    /// <summary>The connection is gone: counted frames are kept from now on.</summary>
    internal void Drop()
    {
        lock (_gate)
        {
            _isGone = true;
        }
    }

    /// <summary>Nothing can be sent from now on: what was written leaves, and the socket is not touched again.</summary>
    internal void End()
    {
        Flush();
        Drop();
    }

    private void CloseNow(CloseReason reason)
    {
        if (_reason is not null)
        {
            return;
        }

        _reason = reason;
        _waitsSince = time.GetTimestamp();
        if (!_isFlushing && !_log.HasUnsent)
        {
            WriteEnd();
        }

        // Never on the caller's stack: it may hold a room's guard.
        MarkDirty(isUrgent: false);
    }

    private void WriteEnd()
    {
        if (_isCloseSent || _isGone)
        {
            return;
        }

        var reason = _reason!;
        if (reason.Code.Length > 0)
        {
            socket.Write(Opcode.Text, new FrameBytes(ServerFrame.Error(reason).Bytes.Span));
        }

        WriteClose(reason.Status, reason.Code);
    }

    private void WriteClose(int? status, string reason)
    {
        Span<byte> payload = stackalloc byte[FrameHeader.MaxControlBytes];
        var length = status is { } code ? CloseFrame.Write(payload, code, reason) : 0;
        socket.Write(Opcode.Close, new FrameBytes(payload[..length]));
        _isCloseSent = true;
    }
}
