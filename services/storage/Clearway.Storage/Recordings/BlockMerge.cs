namespace Clearway.Storage.Recordings;

/// <summary>
/// Keeps the block list short. Every acknowledged upload ends with a block of its own, however small, because it has to be durable; once
/// the small ones at the end make up a whole block, or are many, the next upload that brings bytes stages theirs anew as one and commits that
/// instead.
/// </summary>
internal static class BlockMerge
{
    /// <summary>Small blocks at the end that are tolerated, however little they hold.</summary>
    public const int MaxSmallBlocks = 128;

    /// <summary>Bytes that one upload may write anew: where memory was short, a long one has left small blocks only.</summary>
    private const long MaxBytes = 8L * RecordingLimits.MaxBlockBytes;

    /// <summary>Replaces small blocks at the end of <paramref name="blocks"/>, which are those of <paramref name="recording"/>.</summary>
    public static async Task MergeTailAsync(
        RecordingStore store, BlockMemory memory, StoredRecording recording, List<StoredBlock> blocks, CancellationToken cancellationToken)
    {
        var first = blocks.Count;
        var bytes = 0L;
        while (first > 0 && blocks[first - 1].SizeBytes < RecordingLimits.MaxBlockBytes && bytes < MaxBytes)
        {
            bytes += blocks[--first].SizeBytes;
        }

        if (bytes < RecordingLimits.MaxBlockBytes && blocks.Count - first < MaxSmallBlocks)
        {
            return;
        }

        if (!memory.TryGrow(RecordingLimits.MaxBlockBytes))
        {
            // The next upload finds them again.
            return;
        }

        // Apart from the others until all are there: an upload that is cut meanwhile goes on with the blocks as they were.
        var merged = new List<StoredBlock>();
        var buffer = memory.Rent(RecordingLimits.MaxBlockBytes);
        try
        {
            await using var tail = await store.OpenAsync(recording, recording.SizeBytes - bytes, bytes, cancellationToken);
            while (bytes > 0)
            {
                var taken = (int)Math.Min(bytes, RecordingLimits.MaxBlockBytes);
                await tail.ReadExactlyAsync(buffer.AsMemory(0, taken), cancellationToken);
                merged.Add(await store.StageAsync(recording.Id, buffer.AsMemory(0, taken), cancellationToken));
                bytes -= taken;
            }

            blocks.RemoveRange(first, blocks.Count - first);
            blocks.AddRange(merged);
        }
        finally
        {
            memory.Return(buffer);
            memory.Release(RecordingLimits.MaxBlockBytes);
        }
    }
}
