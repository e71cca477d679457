using System.Buffers;
using System.Security.Cryptography;
using Azure;
using Clearway.Storage.V1;
using Clearway.Storage.WebM;

namespace Clearway.Storage.Recordings;

/// <summary>
/// Closes recordings. Nothing that others see changes until one write replaces the block list and the state together, so a process
/// that dies at any point leaves either an open recording or a sealed one, and sealing again finishes what is missing.
/// </summary>
internal sealed class RecordingSeals(
    RecordingStore store, ManifestStore manifests, TimeProvider time, StorageMetrics metrics, ILogger<RecordingSeals> log)
{
    // Whoever loses a race against an upload or another seal looks again; each round is won by someone.
    private const int MaxRounds = 5;

    /// <summary>Seals a recording that was found; it is looked at anew.</summary>
    public async Task<Outcome<StoredRecording>> SealAsync(StoredRecording found, CancellationToken cancellationToken)
    {
        var id = found.Id;
        using var activity = StorageActivity.Source.StartActivity("recording.seal");
        activity?.SetTag("clearway.recording.id", id.Value);
        for (var round = 0; round < MaxRounds; round++)
        {
            var recording = await store.FindAsync(id, cancellationToken);
            if (recording is null or { State: RecordingState.Deleted })
            {
                return Refusal.NotFound;
            }

            if (recording.State == RecordingState.Failed)
            {
                return Refusal.RecordingMalformed;
            }

            var sealedRecording = recording.State == RecordingState.Sealed ? recording : await TrySealAsync(recording, cancellationToken);
            if (sealedRecording is { State: RecordingState.Sealed })
            {
                await manifests.WriteAsync(sealedRecording, cancellationToken);
                return sealedRecording;
            }
        }

        return Refusal.UploadBusy;
    }

    /// <summary>Seals this version of a recording, or marks it failed; null when another write came first.</summary>
    private async Task<StoredRecording?> TrySealAsync(StoredRecording recording, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            var blocks = await store.GetBlocksAsync(recording, cancellationToken);
            var layout = await ScanAsync(recording, cancellationToken);
            var header = SealedHeader.Write(layout);
            var sealedRecording = await store.CommitAsync(
                recording with
                {
                    State = RecordingState.Sealed,
                    SealedAt = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()),
                    Duration = layout.Duration,
                    Sha256 = await HashAsync(recording, header, layout.Media, cancellationToken),
                },
                await new SealedBlocks(store, recording, blocks).ComposeAsync(header, layout.Media, cancellationToken),
                cancellationToken);
            if (sealedRecording is not null)
            {
                metrics.Sealed(time.GetElapsedTime(started), "sealed");
                LogCatalogue.Sealed(log, sealedRecording.Id, sealedRecording.SizeBytes, sealedRecording.Duration);
            }

            return sealedRecording;
        }
        catch (RequestFailedException overtaken) when (overtaken.Status == StatusCodes.Status412PreconditionFailed)
        {
            return null;
        }
        catch (InvalidDataException malformed)
        {
            var failed = await store.UpdateAsync(recording with { State = RecordingState.Failed }, cancellationToken);
            if (failed is not null)
            {
                metrics.Sealed(time.GetElapsedTime(started), "failed");
                LogCatalogue.SealFailed(log, recording.Id, recording.SizeBytes, malformed.Message);
            }

            return failed;
        }
    }

    private async Task<WebmLayout> ScanAsync(StoredRecording recording, CancellationToken cancellationToken)
    {
        await using var bytes = await store.OpenAsync(recording, 0, recording.SizeBytes, cancellationToken);
        return await WebmScanner.ScanAsync(bytes, cancellationToken);
    }

    // The header that the scan makes possible stands first in the file, and a hash has to begin with it: hence a second reading.
    private async Task<string> HashAsync(
        StoredRecording recording, ReadOnlyMemory<byte> header, IReadOnlyList<MediaPart> media, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header.Span);
        var buffer = ArrayPool<byte>.Shared.Rent(RecordingLimits.MaxChunkBytes);
        foreach (var part in media)
        {
            if (part.Replacement is { } replacement)
            {
                hash.AppendData(replacement);
                continue;
            }

            await using var bytes = await store.OpenAsync(recording, part.Start, part.Length, cancellationToken);
            int read;
            while ((read = await bytes.ReadAsync(buffer, cancellationToken)) > 0)
            {
                hash.AppendData(buffer, 0, read);
            }
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
