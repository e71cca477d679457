using System.Buffers.Binary;

namespace Clearway.LoadTest.Campaigns;

/// <summary>A recording as a browser writes it, live and of unknown length, of any size: key frames that hold nothing to be seen.</summary>
internal static class SyntheticWebm
{
    private const int FrameBytes = 256 * 1024;
    private const int FrameMilliseconds = 500;

    /// <summary>The file: at least as many bytes as asked for, and less than two frames more.</summary>
    internal static byte[] Bytes(int seed, int atLeast)
    {
        var file = new MemoryStream();
        file.Write(Element(0x1A45DFA3, Element(0x4282, "webm"u8.ToArray())));
        file.Write([0x18, 0x53, 0x80, 0x67, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]); // Segment, of unknown size
        file.Write(Element(0x1549A966, Element(0x2AD7B1, [0x0F, 0x42, 0x40]))); // Info, with the scale of the times: a millisecond
        file.Write(Element(0x1654AE6B, Element(0xAE, [.. Element(0xD7, [1]), .. Element(0x83, [1])]))); // Tracks: the first one is video
        for (var time = 0; file.Length < atLeast; time += FrameMilliseconds)
        {
            var timestamp = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32BigEndian(timestamp, time);
            byte[] frame = [0x81, 0, 0, 0x80, .. SyntheticMedia.Bytes(seed, file.Length, FrameBytes)];
            file.Write(Element(0x1F43B675, [.. Element(0xE7, timestamp), .. Element(0xA3, frame)])); // Cluster
        }

        return file.ToArray();
    }

    /// <summary>An element of EBML (RFC 8794) with a size of eight bytes.</summary>
    private static byte[] Element(uint id, byte[] content)
    {
        Span<byte> head = stackalloc byte[sizeof(uint) + sizeof(ulong)];
        BinaryPrimitives.WriteUInt32BigEndian(head, id);
        BinaryPrimitives.WriteUInt64BigEndian(head[sizeof(uint)..], (1UL << 56) | (uint)content.Length);
        return [.. head[..sizeof(uint)].TrimStart((byte)0), .. head[sizeof(uint)..], .. content];
    }
}
