using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Clearway.Storage.V1;

namespace Clearway.Storage.Recordings;

/// <summary>Recordings in blob storage: one block blob each, changed only by writes that name the version they were made from.</summary>
internal sealed class RecordingStore(BlobContainerClient container)
{
    private const string ContentType = "video/webm";

    /// <summary>Tells of each recording that this process changed.</summary>
    public event Action<RecordingId>? Changed;

    /// <summary>Stores a new, empty recording.</summary>
    /// <returns>Null when the id is in use.</returns>
    public async Task<StoredRecording?> AddAsync(StoredRecording recording, CancellationToken cancellationToken)
    {
        var options = new CommitBlockListOptions
        {
            Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
            HttpHeaders = new BlobHttpHeaders { ContentType = ContentType },
            Metadata = RecordingMetadata.Write(recording),
        };
        try
        {
            var written = await Media(recording.Id).CommitBlockListAsync([], options, cancellationToken);
            return recording with { Version = written.Value.ETag, ChangedAt = written.Value.LastModified };
        }
        catch (RequestFailedException failure)
            when (failure.Status is StatusCodes.Status409Conflict or StatusCodes.Status412PreconditionFailed)
        {
            return null;
        }
    }

    /// <summary>Reads what is known of a recording.</summary>
    /// <returns>Null when there is none.</returns>
    public async Task<StoredRecording?> FindAsync(RecordingId id, CancellationToken cancellationToken)
    {
        try
        {
            return RecordingMetadata.Read(id, (await Media(id).GetPropertiesAsync(cancellationToken: cancellationToken)).Value);
        }
        catch (RequestFailedException failure) when (failure.Status == StatusCodes.Status404NotFound)
        {
            return null;
        }
    }

    /// <summary>
    /// Names and sizes of the blocks that make up the recording's bytes now. They may be those of a later version, since this
    /// call takes no condition: the commit that is built on them then fails.
    /// </summary>
    public async Task<List<StoredBlock>> GetBlocksAsync(StoredRecording recording, CancellationToken cancellationToken)
    {
        var list = await Media(recording.Id).GetBlockListAsync(BlockListTypes.Committed, cancellationToken: cancellationToken);
        return [.. list.Value.CommittedBlocks.Select(block => new StoredBlock(block.Name, block.SizeLong))];
    }

    /// <summary>Uploads a block, which is not part of the recording until it is committed.</summary>
    public async Task<StoredBlock> StageAsync(RecordingId id, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var block = StoredBlock.Of(bytes.Span);
        await using var content = BinaryData.FromBytes(bytes).ToStream();
        await Media(id).StageBlockAsync(block.Name, content, options: null, cancellationToken);
        return block;
    }

    /// <summary>
    /// Makes <paramref name="blocks"/> the recording's bytes and <paramref name="recording"/> what is known of it, in one step.
    /// </summary>
    /// <returns>The recording as stored; null when another write came first.</returns>
    public async Task<StoredRecording?> CommitAsync(
        StoredRecording recording, IReadOnlyList<StoredBlock> blocks, CancellationToken cancellationToken)
    {
        var options = new CommitBlockListOptions
        {
            Conditions = new BlobRequestConditions { IfMatch = recording.Version },
            HttpHeaders = new BlobHttpHeaders { ContentType = ContentType },
            Metadata = RecordingMetadata.Write(recording),
        };
        try
        {
            var written = await Media(recording.Id).CommitBlockListAsync(blocks.Select(block => block.Name), options, cancellationToken);
            Changed?.Invoke(recording.Id);
            return recording with
            {
                SizeBytes = blocks.Sum(block => block.SizeBytes), Version = written.Value.ETag, ChangedAt = written.Value.LastModified,
            };
        }
        catch (RequestFailedException failure) when (IsOvertaken(failure))
        {
            return null;
        }
    }

    /// <summary>Changes what is known of a recording and leaves its bytes.</summary>
    /// <returns>The recording as stored; null when another write came first.</returns>
    public async Task<StoredRecording?> UpdateAsync(StoredRecording recording, CancellationToken cancellationToken)
    {
        try
        {
            var written = await Media(recording.Id).SetMetadataAsync(
                RecordingMetadata.Write(recording), new BlobRequestConditions { IfMatch = recording.Version }, cancellationToken);
            Changed?.Invoke(recording.Id);
            return recording with { Version = written.Value.ETag, ChangedAt = written.Value.LastModified };
        }
        catch (RequestFailedException failure) when (IsOvertaken(failure))
        {
            return null;
        }
    }

    /// <summary>Streams bytes of this very version of the recording.</summary>
    /// <exception cref="RequestFailedException">Status 412: the recording has changed since.</exception>
    public async Task<Stream> OpenAsync(StoredRecording recording, long first, long length, CancellationToken cancellationToken)
    {
        if (length == 0)
        {
            return Stream.Null;
        }

        var options = new BlobDownloadOptions
        {
            Range = new HttpRange(first, length),
            Conditions = new BlobRequestConditions { IfMatch = recording.Version },
        };
        return (await Media(recording.Id).DownloadStreamingAsync(options, cancellationToken)).Value.Content;
    }

    /// <summary>Moves the bytes to the archive tier, or asks for them back; what is known of the recording stays readable.</summary>
    public async Task SetArchivedAsync(RecordingId id, bool isArchived, CancellationToken cancellationToken)
    {
        await Media(id).SetAccessTierAsync(isArchived ? AccessTier.Archive : AccessTier.Hot, cancellationToken: cancellationToken);
        Changed?.Invoke(id);
    }

    /// <summary>Frees the bytes and leaves a note that the recording is deleted.</summary>
    /// <returns>False when another write came first.</returns>
    public async Task<bool> EraseAsync(StoredRecording recording, CancellationToken cancellationToken)
    {
        var note = recording with { State = RecordingState.Deleted, Title = "", RecordedByName = "", Length = null, IsArchived = false };
        if (recording.IsArchived)
        {
            // Nothing can be written over a blob in the archive.
            await ForgetAsync(recording.Id, cancellationToken);
            return await AddAsync(note, cancellationToken) is not null;
        }

        return await CommitAsync(note, [], cancellationToken) is not null;
    }

    /// <summary>Removes the last trace of a recording.</summary>
    public async Task ForgetAsync(RecordingId id, CancellationToken cancellationToken)
    {
        await Media(id).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        Changed?.Invoke(id);
    }

    // A commit drops all other staged blocks: who comes second may first hear that its blocks are gone.
    private static bool IsOvertaken(RequestFailedException failure) =>
        failure.Status == StatusCodes.Status412PreconditionFailed || failure.ErrorCode == BlobErrorCode.InvalidBlockList;

    private BlockBlobClient Media(RecordingId id) => container.GetBlockBlobClient(id.MediaBlob);
}
