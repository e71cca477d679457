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

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        for (var sent = 0L; sent < bytes;)
        {
            var start = (int)((offset + sent) % PatternBytes);
            var count = (int)Math.Min(Math.Min(ChunkBytes, bytes - sent), PatternBytes - start);
            await stream.WriteAsync(_pattern.AsMemory(start, count));
            sent += count;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes;
        return true;
    }
}
