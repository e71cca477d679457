using System.Buffers.Binary;

namespace Clearway.LoadTest.Campaigns;

/// <summary>Bytes that are made and not kept: each eight of them follow from the seed and their place alone.</summary>
internal static class SyntheticMedia
{
    private const int WordBytes = sizeof(ulong);

    /// <summary>The bytes from an offset on.</summary>
    internal static byte[] Bytes(int seed, long offset, int length)
    {
        var bytes = new byte[length];
        Fill(bytes, seed, offset);
        return bytes;
    }

    /// <summary>Writes the bytes from an offset on.</summary>
    internal static void Fill(Span<byte> bytes, int seed, long offset)
    {
        Span<byte> word = stackalloc byte[WordBytes];
        while (!bytes.IsEmpty)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, Mix((ulong)(offset / WordBytes) + ((ulong)(uint)seed << 32)));
            var part = word[(int)(offset % WordBytes)..];
            part = part[..Math.Min(part.Length, bytes.Length)];
            part.CopyTo(bytes);
            bytes = bytes[part.Length..];
            offset += part.Length;
        }
    }

    // The finaliser of SplitMix64: neighbours have nothing in common.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
