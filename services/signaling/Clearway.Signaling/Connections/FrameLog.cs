using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Clearway.Signaling.Framing;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Connections;

/// <summary>
/// Frames of one session in the order in which they are sent: first those that were sent and not acknowledged, then those that were not
/// sent yet. Counted frames stay until they are acknowledged, the others until they are sent. It lies in one ring that grows with what it
/// holds and is given back some time after nothing is left, so that an idle session has none.
/// </summary>
/// <remarks>Not thread-safe: the outbox guards it.</remarks>
internal sealed class FrameLog(int maxBytes)
{
    // What is usual, what a lively session has under way, and then all at once: rings left behind on the way would cost more than the
    // part of the largest that is never touched.
    private const int LeastRing = 4 * 1024;
    private const int LivelyRing = 32 * 1024;
    private const int LengthBytes = sizeof(int);

    private byte[]? _ring;
    private int _capacity;
    private bool _wasUsed;

    // Distances from where the log began: what lies between them is the ring's content, modulo its capacity.
    private long _oldest;
    private long _next;
    private long _end;

    /// <summary>Counted frames acknowledged, or dropped as if they were.</summary>
    internal long Acknowledged { get; private set; }

    /// <summary>Counted frames sent, acknowledged or not.</summary>
    internal long Sent { get; private set; }

    /// <summary>All counted frames so far.</summary>
    internal long Posted { get; private set; }

    internal bool HasUnsent => _next != _end;

    internal int UnacknowledgedBytes => (int)(_next - _oldest);

    internal int Bytes => (int)(_end - _oldest);

    /// <summary>Begins to count where another log ended. To be called on an empty log.</summary>
    internal void CountFrom(long posted) => (Acknowledged, Sent, Posted) = (posted, posted, posted);

    /// <summary>Adds a frame that was sent just now or, when others wait or it could not be, is sent later.</summary>
    /// <returns>False when there is no room for it, even after dropping what was sent and not acknowledged.</returns>
    internal bool TryAdd(scoped FrameBytes frame, bool isCounted, bool isSent)
    {
        var bytes = BytesOf(frame.Length);
        while (Bytes + bytes > maxBytes)
        {
            if (_oldest == _next)
            {
                return false;
            }

            DropOldest();
        }

        _wasUsed = true;
        Reserve(Bytes + bytes);
        var begin = _end;
        var head = (frame.Length << 1) | (isCounted ? 1 : 0);
        Put(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in head)));
        for (var i = 0; i < FrameBytes.Pieces; i++)
        {
            Put(frame[i]);
        }

        _end = begin + bytes;
        Posted += isCounted ? 1 : 0;
        if (isSent)
        {
            _next = _end;
            Sent = Posted;
        }

        return true;
    }

    /// <summary>The first frame that was not sent; valid until the next call.</summary>
    internal FrameBytes Next()
    {
        var (length, _) = At(_next);
        return Slice(_next + LengthBytes, length);
    }

    /// <summary>What <see cref="Next"/> told was sent.</summary>
    internal void MarkSent()
    {
        var (length, isCounted) = At(_next);
        _next += BytesOf(length);
        Sent += isCounted ? 1 : 0;
        Acknowledge(Acknowledged);
    }

    /// <summary>So many counted frames have arrived.</summary>
    internal void Acknowledge(long count)
    {
        while (_oldest != _next && (Acknowledged < count || !At(_oldest).IsCounted))
        {
            DropOldest();
        }

        if (_oldest == _end)
        {
            (_oldest, _next, _end) = (0, 0, 0);
        }
    }

    /// <summary>The counted frames, as copies; the log is empty afterwards.</summary>
    internal List<ServerFrame> TakeCounted()
    {
        var frames = new List<ServerFrame>();
        for (var at = _oldest; at != _end;)
        {
            var (length, isCounted) = At(at);
            if (isCounted)
            {
                frames.Add(new ServerFrame(Slice(at + LengthBytes, length).ToArray(), IsKept: true));
            }

            at += BytesOf(length);
        }

        Clear();
        return frames;
    }

    /// <summary>Gives the ring back when nothing was in it since the last time.</summary>
    internal void Trim()
    {
        if (!_wasUsed && _oldest == _end)
        {
            Clear();
        }

        _wasUsed = false;
    }

    /// <summary>Forgets all frames; the counts stay.</summary>
    internal void Clear()
    {
        if (_ring is { } ring)
        {
            ArrayPool<byte>.Shared.Return(ring);
        }

        _ring = null;
        _capacity = 0;
        (_oldest, _next, _end) = (0, 0, 0);
    }

    private void DropOldest()
    {
        var (length, isCounted) = At(_oldest);
        _oldest += BytesOf(length);
        Acknowledged += isCounted ? 1 : 0;
    }

    private (int Length, bool IsCounted) At(long position)
    {
        var head = MemoryMarshal.Read<int>(_ring.AsSpan((int)(position & (_capacity - 1))));
        return (head >> 1, (head & 1) != 0);
    }

    // With its length before it. Lengths begin at multiples of their size, so that none goes over the ring's end.
    private static int BytesOf(int length) => (LengthBytes + length + LengthBytes - 1) & -LengthBytes;

    private FrameBytes Slice(long position, int length)
    {
        var start = (int)(position & (_capacity - 1));
        var untilEnd = Math.Min(length, _capacity - start);
        return new FrameBytes(_ring.AsSpan(start, untilEnd), _ring.AsSpan(0, length - untilEnd));
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        var start = (int)(_end & (_capacity - 1));
        var untilEnd = Math.Min(bytes.Length, _capacity - start);
        bytes[..untilEnd].CopyTo(_ring.AsSpan(start));
        bytes[untilEnd..].CopyTo(_ring);
        _end += bytes.Length;
    }

    private void Reserve(int bytes)
    {
        if (bytes <= _capacity)
        {
            return;
        }

        var capacity = bytes <= LeastRing ? LeastRing
            : bytes <= LivelyRing ? LivelyRing
            : (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(bytes, maxBytes));
        var larger = ArrayPool<byte>.Shared.Rent(capacity);
        if (_ring is { } ring)
        {
            Slice(_oldest, Bytes).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(ring);
        }

        (_oldest, _next, _end) = (0, _next - _oldest, _end - _oldest);
        (_ring, _capacity) = (larger, capacity);
    }
}
