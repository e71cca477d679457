using System.Buffers.Binary;
using System.Text;

namespace Clearway.LoadTest.Wire;

/// <summary>One WebSocket from the client's side: upgrade, frames, pongs, close (RFC 6455). Belongs to the thread of its swarm.</summary>
internal abstract class Client
{
    private Swarm? _swarm;
    private int _handle = -1;
    private byte[] _rest = []; // the beginning of a frame whose end has not come
    private byte[] _unsent = [];
    private bool _isUpgraded;

    /// <summary>The path, and the query where a server takes identities there.</summary>
    protected abstract string Target { get; }

    /// <summary>Offered as Sec-WebSocket-Protocol.</summary>
    protected virtual string? Subprotocol => null;

    protected Swarm Swarm => _swarm ?? throw new InvalidOperationException("The client is not connected.");

    internal bool IsOpen => _handle >= 0;

    /// <summary>The code with which the server closed; 1006 when it did so without one (section 7.1.5); null while open or ended by us.</summary>
    internal int? CloseCode { get; private set; }

    /// <summary>Whether frames are taken as they come; a slow reader does not.</summary>
    internal bool IsReading { get; set; } = true;

    /// <summary>The upgrade succeeded.</summary>
    protected abstract void OnOpen();

    /// <summary>A data frame came; the payload is valid for the time of the call.</summary>
    protected abstract void OnFrame(byte opcode, bool isFinal, ReadOnlySpan<byte> payload);

    /// <summary>An answer to a ping of ours.</summary>
    protected virtual void OnPong()
    {
    }

    /// <summary>All frames of one read were handed over: the time to answer them at once.</summary>
    protected virtual void OnRead()
    {
    }

    /// <summary>The connection ended, and not by us.</summary>
    protected virtual void OnClosed()
    {
    }

    /// <summary>Sends whole frames, now or as soon as the socket takes them.</summary>
    internal void Send(ReadOnlySpan<byte> frames)
    {
        if (_handle < 0)
        {
            return;
        }

        var sent = _unsent.Length > 0 ? 0 : Kernel.Send(_handle, frames);
        if (sent < 0 && sent != -Kernel.Again)
        {
            End(1006);
        }
        else if (sent < frames.Length)
        {
            _unsent = [.. _unsent, .. frames[Math.Max(0, sent)..]];
        }
    }

    internal void SendText(string text) => Send(Framing.Masked(text, Swarm.Random));

    /// <summary>Cuts the connection as a lost network does; <see cref="OnClosed"/> is not called.</summary>
    internal void Abort() => Release(isReset: true);

    internal void Begin(Swarm swarm, int handle, int port)
    {
        (_swarm, _handle, _isUpgraded, CloseCode, _rest, _unsent) = (swarm, handle, false, null, [], []);
        Span<byte> key = stackalloc byte[16];
        swarm.Random.NextBytes(key);
        Send(Encoding.ASCII.GetBytes(
            $"GET {Target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + $"Sec-WebSocket-Key: {Convert.ToBase64String(key)}\r\nSec-WebSocket-Version: 13\r\n"
            + (Subprotocol is null ? "\r\n" : $"Sec-WebSocket-Protocol: {Subprotocol}\r\n\r\n")));
    }

    internal void Take(uint ready, byte[] buffer)
    {
        if ((ready & Kernel.Writable) != 0 && _unsent.Length > 0)
        {
            var unsent = _unsent;
            _unsent = [];
            Send(unsent);
        }

        // Whether the other side is gone shows when reading.
        if (IsReading && (ready & ~Kernel.Writable) != 0)
        {
            Read(buffer);
        }
    }

    /// <summary>Reads all that is there; to be called by a slow reader that changes its mind.</summary>
    internal void Read(byte[] buffer)
    {
        while (_handle >= 0)
        {
            _rest.CopyTo(buffer, 0);
            var room = buffer.AsSpan(_rest.Length);
            var count = Kernel.Receive(_handle, room);
            if (count == -Kernel.Again)
            {
                return;
            }

            if (count <= 0)
            {
                End(1006);
                return;
            }

            var left = TakeAll(buffer.AsSpan(0, _rest.Length + count));
            if (_handle < 0)
            {
                return;
            }

            _rest = left.IsEmpty ? [] : left.ToArray();
            OnRead();

            // A read that does not fill the buffer has emptied the socket (epoll(7)).
            if (count < room.Length)
            {
                return;
            }
        }
    }

    private Span<byte> TakeAll(Span<byte> bytes)
    {
        if (!_isUpgraded)
        {
            var end = bytes.IndexOf("\r\n\r\n"u8);
            if (end < 0)
            {
                return bytes;
            }

            if (!bytes.StartsWith("HTTP/1.1 101 "u8))
            {
                throw new InvalidDataException($"The upgrade was refused: {Encoding.ASCII.GetString(bytes)}");
            }

            _isUpgraded = true;
            bytes = bytes[(end + 4)..];
            OnOpen();
        }

        while (_handle >= 0
            && Framing.TryReadHeader(bytes, out var opcode, out var isFinal, out var header, out var length)
            && bytes.Length - header >= length)
        {
            TakeFrame(opcode, isFinal, bytes.Slice(header, (int)length));
            bytes = bytes[(header + (int)length)..];
        }

        return bytes;
    }

    private void TakeFrame(byte opcode, bool isFinal, ReadOnlySpan<byte> payload)
    {
        switch (opcode)
        {
            case Framing.Ping:
                Send(Framing.Masked(Framing.Pong, payload, Swarm.Random));
                break;
            case Framing.Pong:
                OnPong();
                break;
            case Framing.Close:
                Send(Framing.Masked(Framing.Close, payload.Length >= 2 ? payload[..2] : [], Swarm.Random));
                End(payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(payload) : 1005);
                break;
            case Framing.Continuation or Framing.Text or Framing.Binary:
                OnFrame(opcode, isFinal, payload);
                break;
        }
    }

    private void End(int code)
    {
        CloseCode = code;
        Release(isReset: false);
        OnClosed();
    }

    private void Release(bool isReset)
    {
        if (_handle >= 0)
        {
            Swarm.Forget(_handle);
            Kernel.Close(_handle, isReset);
            _handle = -1;
        }
    }
}
