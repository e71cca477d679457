using Clearway.Storage.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Clearway.Storage.Recordings;

/// <summary>
/// Appends to recordings. Chunks are gathered into blocks; the block list is committed before the answer, so what is acknowledged survives.
/// Of two uploads to one recording the first to commit wins, whichever process runs it: the other's commit names a version that is gone.
/// </summary>
internal sealed class RecordingUploads(
    RecordingStore store,
    RecordingLocator locator,
    TenantUsage usage,
    UploadAdmission admission,
    BlockMemory memory,
    IOptions<RecordingLimits> limits,
    StorageMetrics metrics,
    ILogger<RecordingUploads> log)
{
    /// <summary>Appends what the stream carries.</summary>
    /// <param name="header">The stream's first message.</param>
    /// <param name="chunks">The stream behind its first message.</param>
    /// <param name="cancellationToken">
    /// Fires when the stream is cut; what has arrived is then stored all the same, unless a checksum was to vouch for the whole.
    /// </param>
    /// <returns>The recording with the bytes that are durable now.</returns>
    public async Task<Outcome<StoredRecording>> AppendAsync(
        UploadHeader header, IAsyncStreamReader<UploadRequest> chunks, CancellationToken cancellationToken)
    {
        using var activity = StorageActivity.Source.StartActivity("recording.upload");
        if (!UploadChecksum.TryCreate(header, out var checksum))
        {
            return Refusal.ChecksumUnsupported;
        }

        using var disposedLater = checksum;
        if ((await locator.FindAsync(header.Id, header.Access, cancellationToken)).IsRefused(out var refusal, out var recording))
        {
            return refusal;
        }

        activity?.SetTag("clearway.recording.id", recording.Id.Value);
        if (WhyClosed(recording, header) is { } closed)
        {
            return closed;
        }

        if (admission.Enter(recording.Id) is { } notNow)
        {
            return notNow;
        }

        try
        {
            return await AppendAsync(recording, header, chunks, checksum, cancellationToken);
        }
        finally
        {
            admission.Leave(recording.Id);
        }
    }

    private static Refusal? WhyClosed(StoredRecording recording, UploadHeader header) => recording switch
    {
        { State: RecordingState.Sealed } => Refusal.RecordingSealed,
        { State: RecordingState.Failed } => Refusal.RecordingMalformed,
        _ when recording.SizeBytes != header.Offset => Refusal.UploadOffset(recording.SizeBytes),
        _ when header.HasLength && (header.Length < recording.SizeBytes || (recording.Length ?? header.Length) != header.Length) =>
            Refusal.UploadLength,
        _ => null,
    };

    private static long? LengthOf(StoredRecording recording, UploadHeader header) => header.HasLength ? header.Length : recording.Length;

    private async Task<Outcome<StoredRecording>> AppendAsync(
        StoredRecording recording,
        UploadHeader header,
        IAsyncStreamReader<UploadRequest> chunks,
        UploadChecksum? checksum,
        CancellationToken cancellationToken)
    {
        var blocks = await store.GetBlocksAsync(recording, cancellationToken);
        await using var upload = new Upload(store, usage, memory, recording with { Length = LengthOf(recording, header) }, blocks, checksum);
        var (limit, beyond) = await LimitAsync(upload.Recording, cancellationToken);
        var (isCut, refusal) = await ReceiveAsync(upload, chunks, limit, beyond, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        if (!isCut)
        {
            return checksum?.IsMatch() == false ? Refusal.ChecksumMismatch : await CommitAsync(upload, recording, cancellationToken);
        }

        if (checksum is not null)
        {
            return recording;
        }

        LogCatalogue.UploadCut(log, recording.Id, header.Offset, upload.Bytes);
        using var grace = new CancellationTokenSource(limits.Value.CutUploadGrace);
        return await CommitAsync(upload, recording, grace.Token);
    }

    /// <summary>The size up to which the recording may grow now, and what is said to whatever goes beyond.</summary>
    private async Task<(long Limit, Refusal Beyond)> LimitAsync(StoredRecording recording, CancellationToken cancellationToken)
    {
        var remaining = Math.Max(0, await usage.RemainingAsync(recording.Tenant, cancellationToken));
        var quota = remaining == long.MaxValue ? long.MaxValue : recording.SizeBytes + remaining;
        if (recording.Length is { } length && length <= Math.Min(quota, limits.Value.MaxRecordingBytes))
        {
            return (length, Refusal.UploadLength);
        }

        return quota < limits.Value.MaxRecordingBytes
            ? (quota, Refusal.QuotaExceeded)
            : (limits.Value.MaxRecordingBytes, Refusal.StorageFull);
    }

    /// <summary>Takes what the stream carries: up to its end, to where it is cut, or to what is refused.</summary>
    private static async Task<(bool IsCut, Refusal? Refusal)> ReceiveAsync(
        Upload upload, IAsyncStreamReader<UploadRequest> chunks, long limit, Refusal beyond, CancellationToken cancellationToken)
    {
        try
        {
            while (await chunks.MoveNext(cancellationToken))
            {
                if (chunks.Current is not { PartCase: UploadRequest.PartOneofCase.Chunk, Chunk.Length: <= RecordingLimits.MaxChunkBytes })
                {
                    return (false, Refusal.BadRequest("A chunk has more than 64 KiB, or is no chunk."));
                }

                var chunk = chunks.Current.Chunk.Memory;
                upload.Checksum?.Append(chunk.Span);
                if (upload.Bytes + chunk.Length > limit)
                {
                    return (false, beyond);
                }

                while (!chunk.IsEmpty)
                {
                    chunk = chunk[upload.Append(chunk.Span)..];
                    if (upload.IsFull && await upload.StageAsync(cancellationToken) is { } refusal)
                    {
                        return (false, refusal);
                    }
                }
            }

            return (false, null);
        }
        catch (Exception failure) when (cancellationToken.IsCancellationRequested || failure is IOException or OperationCanceledException)
        {
            return (true, null);
        }
    }

    private async Task<Outcome<StoredRecording>> CommitAsync(Upload upload, StoredRecording before, CancellationToken cancellationToken)
    {
        if (upload.Bytes == before.SizeBytes)
        {
            return upload.Recording == before
                ? before
                : await store.UpdateAsync(upload.Recording, cancellationToken) is { } updated ? updated : Refusal.UploadBusy;
        }

        if (await upload.StageAsync(cancellationToken) is { } refusal)
        {
            return refusal;
        }

        if (await store.CommitAsync(upload.Recording, await upload.BlocksAsync(cancellationToken), cancellationToken) is not { } stored)
        {
            return Refusal.UploadBusy;
        }

        usage.Add(stored.Tenant, stored.SizeBytes - before.SizeBytes);
        metrics.Uploaded(stored.SizeBytes - before.SizeBytes);
        LogCatalogue.Appended(log, stored.Id, before.SizeBytes, stored.SizeBytes);
        return stored;
    }
}
