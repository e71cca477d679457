using System.Buffers;
using System.Buffers.Binary;

namespace Clearway.Storage.WebM;

/// <summary>Writes elements with fixed widths, so that a file's layout is known before its positions are.</summary>
internal sealed class EbmlWriter
{
    private const ulong EightByteSize = 1UL << 56;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public int Length => _bytes.WrittenCount;

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public void Raw(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    /// <summary>Id and a size of eight bytes.</summary>
    public void Header(uint id, long size)
    {
        Id(id);
        BigEndian(EightByteSize | (ulong)size);
    }

    /// <summary>Unsigned integer of eight bytes.</summary>
    public void Unsigned(uint id, ulong value)
    {
        Header(id, sizeof(ulong));
        BigEndian(value);
    }

    /// <summary>Float of eight bytes.</summary>
    public void Float(uint id, double value)
    {
        Header(id, sizeof(double));
        BigEndian(BitConverter.DoubleToUInt64Bits(value));
    }

    /// <summary>An element id as binary data, as SeekID holds it.</summary>
    public void IdData(uint id, uint value)
    {
        Header(id, sizeof(uint));
        Id(value);
    }

    private void Id(uint id)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, id);
        _bytes.Write(bytes.TrimStart((byte)0));
    }

    private void BigEndian(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_bytes.GetSpan(sizeof(ulong)), value);
        _bytes.Advance(sizeof(ulong));
    }
}
