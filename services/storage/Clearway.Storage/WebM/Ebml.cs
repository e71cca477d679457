using System.Buffers.Binary;
using System.Numerics;

namespace Clearway.Storage.WebM;

/// <summary>
/// Decodes what RFC 8794 encodes: variable-size integers, unsigned integers, and the children of an element held in memory.
/// </summary>
internal static class Ebml
{
    /// <summary>Most bytes that an id and a size take together.</summary>
    public const int MaxHeaderBytes = 12;

    private const int MaxIdBytes = 4;
    private const int MaxSizeBytes = 8;

    /// <summary>Reads an element's id and size.</summary>
    /// <returns>False when <paramref name="bytes"/> ends too early.</returns>
    /// <exception cref="InvalidDataException">The id or size is too long for Matroska, or the id is all zeros or all ones.</exception>
    public static bool TryReadHeader(ReadOnlySpan<byte> bytes, long offset, out ElementHeader header)
    {
        header = default;
        if (!TryReadVint(bytes, MaxIdBytes, out var idBits, out var idLength)
            || !TryReadVint(bytes[idLength..], MaxSizeBytes, out var sizeBits, out var sizeLength))
        {
            return false;
        }

        if (idBits == 0 || IsAllOnes(idBits, idLength))
        {
            throw new InvalidDataException($"Reserved element id at offset {offset}.");
        }

        var id = (uint)(idBits | (1UL << (7 * idLength)));
        var size = IsAllOnes(sizeBits, sizeLength) ? ElementHeader.Unknown : (long)sizeBits;
        header = new ElementHeader(id, size, offset, offset + idLength + sizeLength);
        return true;
    }

    /// <summary>Reads a variable-size integer without its marker (RFC 8794 section 4).</summary>
    /// <returns>False when <paramref name="bytes"/> ends too early.</returns>
    /// <exception cref="InvalidDataException">It is longer than <paramref name="maxBytes"/>.</exception>
    public static bool TryReadVint(ReadOnlySpan<byte> bytes, int maxBytes, out ulong value, out int length)
    {
        (value, length) = (0, 0);
        if (bytes.IsEmpty)
        {
            return false;
        }

        length = BitOperations.LeadingZeroCount((uint)bytes[0]) - 23;
        if (length > maxBytes)
        {
            throw new InvalidDataException($"A variable-size integer takes more than {maxBytes} bytes.");
        }

        if (bytes.Length < length)
        {
            return false;
        }

        value = ReadBigEndian(bytes[..length]) & ((1UL << (7 * length)) - 1);
        return true;
    }

    /// <summary>Reads an unsigned integer element of 0 to 8 bytes (RFC 8794 section 7.2).</summary>
    /// <exception cref="InvalidDataException">It is longer.</exception>
    public static ulong ReadUnsigned(ReadOnlySpan<byte> data) => data.Length <= 8
        ? ReadBigEndian(data)
        : throw new InvalidDataException($"An integer takes {data.Length} bytes.");

    /// <summary>Takes the next child off <paramref name="rest"/>.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">The child does not fit into its parent.</exception>
    public static bool TryTakeChild(ref ReadOnlySpan<byte> rest, out uint id, out ReadOnlySpan<byte> data, out ReadOnlySpan<byte> whole)
    {
        id = 0;
        data = whole = default;
        if (rest.IsEmpty)
        {
            return false;
        }

        if (!TryReadHeader(rest, 0, out var header) || !header.HasKnownSize || header.Size > rest.Length - header.DataStart)
        {
            throw new InvalidDataException("A child does not fit into its parent.");
        }

        id = header.Id;
        data = rest[(int)header.DataStart..(int)header.End];
        whole = rest[..(int)header.End];
        rest = rest[(int)header.End..];
        return true;
    }

    private static bool IsAllOnes(ulong value, int length) => value == (1UL << (7 * length)) - 1;

    private static ulong ReadBigEndian(ReadOnlySpan<byte> bytes)
    {
        Span<byte> padded = stackalloc byte[8];
        padded.Clear();
        bytes.CopyTo(padded[(8 - bytes.Length)..]);
        return BinaryPrimitives.ReadUInt64BigEndian(padded);
    }
}
