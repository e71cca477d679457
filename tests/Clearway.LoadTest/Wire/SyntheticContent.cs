using System.Net;
using Clearway.LoadTest.Campaigns;

namespace Clearway.LoadTest.Wire;

/// <summary>A request's body of synthetic media, written in chunks of 64 KiB; however long it is, it takes the memory of a few of them.</summary>
internal sealed class SyntheticContent(long offset, long bytes) : HttpContent
{
    private const int ChunkBytes = 64 * 1024;
    private const int PatternBytes = 4 * 1024 * 1024;

    // Made once: what is measured is the server, not this.
    private static readonly byte[] _pattern = SyntheticMedia.Bytes(1, 0, PatternBytes);

    /// <summary>As many as asked for of the bytes that stand at an offset, or fewer where the pattern begins anew.</summary>
    internal static ReadOnlyMemory<byte> Piece(long offset, int count)
    {
        var start = (int)(offset % PatternBytes);
        return _pattern.AsMemory(start, Math.Min(count, PatternBytes - start));
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        for (var sent = 0L; sent < bytes;)
        {
            var piece = Piece(offset + sent, (int)Math.Min(ChunkBytes, bytes - sent));
            await stream.WriteAsync(piece);
            sent += piece.Length;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes;
        return true;
    }
}
