using System.Buffers.Binary;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Framing;

/// <summary>What stands before a frame's payload (RFC 6455 section 5.2).</summary>
/// <param name="IsFinal">Whether the frame ends its message.</param>
/// <param name="Opcode">What the frame is for.</param>
/// <param name="PayloadBytes">Length of the payload.</param>
/// <param name="Mask">The masking key as its four bytes lie in memory.</param>
/// <param name="Bytes">Length of the header itself.</param>
internal readonly record struct FrameHeader(bool IsFinal, Opcode Opcode, int PayloadBytes, uint Mask, int Bytes)
{
    /// <summary>Longest header: two bytes, a 64-bit length, a masking key.</summary>
    internal const int MaxBytes = 14;

    /// <summary>Longest payload of a control frame.</summary>
    internal const int MaxControlBytes = 125;

    private const byte Final = 0x80;
    private const byte Reserved = 0x70;
    private const byte Masked = 0x80;
    private const byte Length16 = 126;
    private const byte Length64 = 127;

    internal bool IsControl => (int)Opcode >= 0x8;

    /// <summary>Reads the header of a client's frame.</summary>
    /// <param name="bytes">The frame from its first byte, as much of it as is there.</param>
    /// <param name="maxPayloadBytes">Longest payload that is taken.</param>
    /// <param name="header">The header, when true is returned.</param>
    /// <param name="violation">Why the frame is refused, as soon as its bytes tell; null while they do not.</param>
    /// <returns>Whether a whole header that breaks no rule is there.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, int maxPayloadBytes, out FrameHeader header, out CloseReason? violation)
    {
        header = default;
        violation = null;
        if (bytes.Length < 2)
        {
            return false;
        }

        var opcode = (Opcode)(bytes[0] & 0x0F);
        var isFinal = (bytes[0] & Final) != 0;
        var isControl = (int)opcode >= 0x8;
        var length = bytes[1] & ~Masked;
        violation = (bytes[0] & Reserved) != 0 ? Violation.ReservedBits
            : opcode is > Opcode.Binary and < Opcode.Close or > Opcode.Pong ? Violation.ReservedOpcode
            : (bytes[1] & Masked) == 0 ? Violation.Unmasked
            : isControl && !isFinal ? Violation.ControlFragment
            : isControl && length > MaxControlBytes ? Violation.ControlTooLong
            : null;
        var size = 2 + (length switch { Length16 => 2, Length64 => 8, _ => 0 }) + sizeof(uint);
        if (violation is not null || bytes.Length < size)
        {
            return false;
        }

        var payload = (ulong)length;
        if (length == Length16)
        {
            payload = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
            violation = payload < Length16 ? Violation.LongLength : null;
        }
        else if (length == Length64)
        {
            payload = BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]);
            violation = payload > long.MaxValue ? Violation.LargeLength : payload <= ushort.MaxValue ? Violation.LongLength : null;
        }

        violation ??= payload > (ulong)maxPayloadBytes ? CloseReason.FrameTooLarge : null;
        if (violation is not null)
        {
            return false;
        }

        // The key is used byte by byte, so it is taken as it lies there.
        var mask = System.Runtime.InteropServices.MemoryMarshal.Read<uint>(bytes[(size - sizeof(uint))..]);
        header = new FrameHeader(isFinal, opcode, (int)payload, mask, size);
        return true;
    }

    /// <summary>Writes the header of a whole, unmasked message, as a server sends them.</summary>
    /// <returns>The header's length; four bytes for payloads from 126 bytes on, ten from 64 KiB on.</returns>
    internal static int Write(Span<byte> to, Opcode opcode, int payloadBytes)
    {
        to[0] = (byte)(Final | (int)opcode);
        switch (payloadBytes)
        {
            case < Length16:
                to[1] = (byte)payloadBytes;
                return 2;
            case <= ushort.MaxValue:
                to[1] = Length16;
                BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)payloadBytes);
                return 4;
            default:
                to[1] = Length64;
                BinaryPrimitives.WriteUInt64BigEndian(to[2..], (ulong)payloadBytes);
                return 10;
        }
    }
}
