using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Clearway.LoadTest.Wire;

/// <summary>WebSocket frames as a client sends and receives them (RFC 6455 section 5.2).</summary>
internal static class Framing
{
    internal const byte Continuation = 0;
    internal const byte Text = 1;
    internal const byte Binary = 2;
    internal const byte Close = 8;
    internal const byte Ping = 9;
    internal const byte Pong = 10;

    private const int LongestHeader = 14;

    /// <summary>A final frame with a random mask that is never zero: a server must not get away with not unmasking.</summary>
    internal static byte[] Masked(byte opcode, ReadOnlySpan<byte> payload, Random random)
    {
        var frame = new byte[LongestHeader + payload.Length];
        return frame[..Write(frame, opcode, payload, random)];
    }

    /// <inheritdoc cref="Masked(byte, ReadOnlySpan{byte}, Random)"/>
    internal static byte[] Masked(string text, Random random) => Masked(Text, Encoding.UTF8.GetBytes(text), random);

    /// <summary>Writes such a frame.</summary>
    /// <returns>Its length.</returns>
    internal static int Write(Span<byte> into, byte opcode, ReadOnlySpan<byte> payload, Random random)
    {
        into[0] = (byte)(0x80 | opcode);
        var header = 2;
        if (payload.Length <= 125)
        {
            into[1] = (byte)(0x80 | payload.Length);
        }
        else if (payload.Length <= ushort.MaxValue)
        {
            into[1] = 0x80 | 126;
            BinaryPrimitives.WriteUInt16BigEndian(into[2..], (ushort)payload.Length);
            header = 4;
        }
        else
        {
            into[1] = 0x80 | 127;
            BinaryPrimitives.WriteInt64BigEndian(into[2..], payload.Length);
            header = 10;
        }

        var mask = (uint)random.NextInt64(1, uint.MaxValue);
        MemoryMarshal.Write(into[header..], mask);
        var masked = into.Slice(header + 4, payload.Length);
        payload.CopyTo(masked);
        Unmask(masked, mask);
        return header + 4 + payload.Length;
    }

    /// <summary>XORs with a mask, which undoes itself.</summary>
    internal static void Unmask(Span<byte> payload, uint mask)
    {
        var wide = new Vector<uint>(mask);
        var vectors = MemoryMarshal.Cast<byte, Vector<uint>>(payload);
        foreach (ref var vector in vectors)
        {
            vector ^= wide;
        }

        for (var i = vectors.Length * Vector<byte>.Count; i < payload.Length; i++)
        {
            payload[i] ^= (byte)(mask >> (8 * (i & 3)));
        }
    }

    /// <summary>Reads the header of a frame from the server.</summary>
    /// <returns>False when more bytes are needed for it.</returns>
    /// <exception cref="InvalidDataException">Reserved bits are set, or the frame is masked (RFC 6455 section 5.1).</exception>
    internal static bool TryReadHeader(ReadOnlySpan<byte> bytes, out byte opcode, out bool isFinal, out int header, out long length)
    {
        (opcode, isFinal, header, length) = (0, false, 2, 0);
        if (bytes.Length < 2)
        {
            return false;
        }

        if ((bytes[0] & 0x70) != 0 || (bytes[1] & 0x80) != 0)
        {
            throw new InvalidDataException($"The server sent a frame that begins with {bytes[0]:x2}{bytes[1]:x2}.");
        }

        opcode = (byte)(bytes[0] & 0x0f);
        isFinal = (bytes[0] & 0x80) != 0;
        length = bytes[1];
        header = length switch { 126 => 4, 127 => 10, _ => 2 };
        if (bytes.Length < header)
        {
            return false;
        }

        length = header switch
        {
            4 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            10 => BinaryPrimitives.ReadInt64BigEndian(bytes[2..]),
            _ => length,
        };
        return true;
    }
}
