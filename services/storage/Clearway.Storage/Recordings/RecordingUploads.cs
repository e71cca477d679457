using Clearway.Storage.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Clearway.Storage.Recordings;

/// <summary>
/// Appends to recordings. Chunks are gathered into blocks; the block list is committed before the answer, so what is acknowledged survives.
/// Of two uploads to one recording the first to commit wins, whichever process runs it: the other's commit names a version that is gone.
/// </summary>
internal sealed class RecordingUploads(
    RecordingStore store, IOptions<RecordingLimits> limits, StorageMetrics metrics, ILogger<RecordingUploads> log)
{
    /// <summary>Appends what the stream carries.</summary>
    /// <param name="header">The stream's first message.</param>
    /// <param name="chunks">The stream behind its first message.</param>
    /// <param name="cancellationToken">Fires when the stream is cut; what has arrived is then stored all the same.</param>
    /// <returns>The recording with the bytes that are durable now.</returns>
    public async Task<Outcome<StoredRecording>> AppendAsync(
        UploadHeader header, IAsyncStreamReader<UploadRequest> chunks, CancellationToken cancellationToken)
    {
        using var activity = StorageActivity.Source.StartActivity("recording.upload");
        if (!RecordingId.TryParse(header.Id, out var id))
        {
            return Refusal.RecordingIdMalformed;
        }

        activity?.SetTag("clearway.recording.id", id.Value);
        var recording = await store.FindAsync(id, cancellationToken);
        if (WhyClosed(recording, header) is { } refusal)
        {
            return refusal;
        }

        using var buffer = new BlockBuffer();
        var upload = new Upload(recording!, await store.GetBlocksAsync(recording!, cancellationToken), buffer);
        var received = await ReceiveAsync(upload, chunks, cancellationToken);
        if (received is Received.Cut)
        {
            LogCatalogue.UploadCut(log, id, header.Offset, upload.Bytes);
            using var grace = new CancellationTokenSource(limits.Value.CutUploadGrace);
            return await CommitAsync(upload, grace.Token);
        }

        return received switch
        {
            Received.Malformed => Refusal.BadRequest("A chunk has more than 64 KiB, or is no chunk."),
            Received.TooMuch => Refusal.StorageFull,
            _ => await CommitAsync(upload, cancellationToken),
        };
    }

    private static Refusal? WhyClosed(StoredRecording? recording, UploadHeader header) => recording switch
    {
        null or { State: RecordingState.Deleted } => Refusal.NotFound,
        _ when recording.Tenant.Value != header.Tenant => Refusal.NotFound,
        { State: RecordingState.Sealed } => Refusal.RecordingSealed,
        { State: RecordingState.Failed } => Refusal.RecordingMalformed,
        _ when recording.SizeBytes != header.Offset => Refusal.UploadOffset(recording.SizeBytes),
        _ => null,
    };

    private async Task<Received> ReceiveAsync(Upload upload, IAsyncStreamReader<UploadRequest> chunks, CancellationToken cancellationToken)
    {
        try
        {
            while (await chunks.MoveNext(cancellationToken))
            {
                if (chunks.Current is not { PartCase: UploadRequest.PartOneofCase.Chunk, Chunk.Length: <= RecordingLimits.MaxChunkBytes })
                {
                    return Received.Malformed;
                }

                var chunk = chunks.Current.Chunk.Memory;
                if (upload.Bytes + chunk.Length > limits.Value.MaxRecordingBytes)
                {
                    return Received.TooMuch;
                }

                while (!chunk.IsEmpty)
                {
                    chunk = chunk[upload.Buffer.Append(chunk.Span)..];
                    if (upload.Buffer.IsFull && !await StageAsync(upload, cancellationToken))
                    {
                        return Received.TooMuch;
                    }
                }
            }

            return Received.Whole;
        }
        catch (Exception failure) when (cancellationToken.IsCancellationRequested || failure is IOException or OperationCanceledException)
        {
            return Received.Cut;
        }
    }

    private async Task<bool> StageAsync(Upload upload, CancellationToken cancellationToken)
    {
        if (upload.Blocks.Count >= RecordingLimits.MaxBlocks)
        {
            return false;
        }

        upload.Blocks.Add(await store.StageAsync(upload.Recording.Id, upload.Buffer.Bytes, cancellationToken));
        upload.Buffer.Clear();
        return true;
    }

    private async Task<Outcome<StoredRecording>> CommitAsync(Upload upload, CancellationToken cancellationToken)
    {
        if (upload.Bytes == upload.Recording.SizeBytes)
        {
            return upload.Recording;
        }

        if (upload.Buffer.Length > 0 && !await StageAsync(upload, cancellationToken))
        {
            return Refusal.StorageFull;
        }

        if (await store.CommitAsync(upload.Recording, upload.Blocks, cancellationToken) is not { } stored)
        {
            return Refusal.UploadBusy;
        }

        metrics.Uploaded(stored.SizeBytes - upload.Recording.SizeBytes);
        LogCatalogue.Appended(log, stored.Id, upload.Recording.SizeBytes, stored.SizeBytes);
        return stored;
    }

    private enum Received
    {
        Whole,
        Cut,
        Malformed,
        TooMuch,
    }

    private sealed class Upload(StoredRecording recording, List<StoredBlock> blocks, BlockBuffer buffer)
    {
        private readonly long _before = recording.SizeBytes;
        private readonly int _blocksBefore = blocks.Count;

        public StoredRecording Recording => recording;

        public List<StoredBlock> Blocks => blocks;

        public BlockBuffer Buffer => buffer;

        /// <summary>Bytes of the recording once all that has arrived is stored.</summary>
        public long Bytes => _before + Buffer.Length + Blocks.Skip(_blocksBefore).Sum(block => block.SizeBytes);
    }
}
