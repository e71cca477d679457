using Clearway.Storage.WebM;

namespace Clearway.Storage.Recordings;

/// <summary>
/// Puts a sealed file together by reference: blocks that lie wholly within a piece of media stay where they are; only the rims,
/// each smaller than a block, are copied.
/// </summary>
internal sealed class SealedBlocks(RecordingStore store, StoredRecording recording, IReadOnlyList<StoredBlock> blocks)
{
    private readonly List<StoredBlock> _sealed = [];

    public async Task<IReadOnlyList<StoredBlock>> ComposeAsync(
        ReadOnlyMemory<byte> header, IReadOnlyList<MediaPart> media, CancellationToken cancellationToken)
    {
        await StageAsync(header, cancellationToken);
        foreach (var part in media)
        {
            if (part.Replacement is { } replacement)
            {
                await StageAsync(replacement, cancellationToken);
            }
            else
            {
                await AddAsync(part.Start, part.Start + part.Length, cancellationToken);
            }
        }

        return _sealed;
    }

    private async Task AddAsync(long start, long end, CancellationToken cancellationToken)
    {
        var blockStart = 0L;
        foreach (var block in blocks)
        {
            var blockEnd = blockStart + block.SizeBytes;
            var (first, last) = (Math.Max(start, blockStart), Math.Min(end, blockEnd));
            if (first < last)
            {
                if (last - first == block.SizeBytes)
                {
                    _sealed.Add(block);
                }
                else
                {
                    await CopyAsync(first, (int)(last - first), cancellationToken);
                }
            }

            blockStart = blockEnd;
        }
    }

    private async Task CopyAsync(long first, int length, CancellationToken cancellationToken)
    {
        await using var source = await store.OpenAsync(recording, first, length, cancellationToken);
        var bytes = new byte[length];
        await source.ReadExactlyAsync(bytes, cancellationToken);
        await StageAsync(bytes, cancellationToken);
    }

    private async Task StageAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        _sealed.Add(await store.StageAsync(recording.Id, bytes, cancellationToken));
}
