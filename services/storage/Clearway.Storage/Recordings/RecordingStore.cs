using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Clearway.Storage.Recordings;

/// <summary>A block of a blob's committed list.</summary>
internal readonly record struct StoredBlock(string Name, long SizeBytes);

/// <summary>Recordings in blob storage: one block blob each, changed only by writes that name the version they were made from.</summary>
internal sealed class RecordingStore(BlobContainerClient container)
{
    private const string ContentType = "video/webm";

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
            return recording with { Version = written.Value.ETag };
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
            var blob = (await Media(id).GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
            return RecordingMetadata.Read(id, blob.Metadata, blob.ContentLength, blob.ETag);
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
        // A name of its own for every block: uploads that run side by side must not overwrite each other's.
        var name = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
        await using var content = BinaryData.FromBytes(bytes).ToStream();
        await Media(id).StageBlockAsync(name, content, options: null, cancellationToken);
        return new StoredBlock(name, bytes.Length);
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
            return recording with { SizeBytes = blocks.Sum(block => block.SizeBytes), Version = written.Value.ETag };
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
            return recording with { Version = written.Value.ETag };
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

    /// <summary>Writes the manifest; the same bytes for the same recording, so writing it again changes nothing.</summary>
    public async Task WriteManifestAsync(StoredRecording recording, CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" } };
        await container.GetBlobClient(recording.Id.ManifestBlob).UploadAsync(Manifest.Write(recording), options, cancellationToken);
    }

    // A commit drops all other staged blocks: who comes second may first hear that its blocks are gone.
    private static bool IsOvertaken(RequestFailedException failure) =>
        failure.Status == StatusCodes.Status412PreconditionFailed || failure.ErrorCode == BlobErrorCode.InvalidBlockList;

    private BlockBlobClient Media(RecordingId id) => container.GetBlockBlobClient(id.MediaBlob);
}
