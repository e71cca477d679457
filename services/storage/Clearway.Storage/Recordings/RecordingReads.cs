using System.Buffers;
using Clearway.Storage.Links;
using Clearway.Storage.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Clearway.Storage.Recordings;

/// <summary>Sends sealed recordings to whoever holds a link.</summary>
internal sealed class RecordingReads(RecordingStore store, DownloadLinks links, StorageMetrics metrics)
{
    /// <summary>Sends the header and, unless only that is asked for, the bytes.</summary>
    /// <returns>Why nothing was sent, or null.</returns>
    public async Task<Refusal?> SendAsync(
        ReadRequest request, IServerStreamWriter<ReadResponse> response, CancellationToken cancellationToken)
    {
        if (!RecordingId.TryParse(request.Id, out var id))
        {
            return Refusal.RecordingIdMalformed;
        }

        var recording = await store.FindAsync(id, cancellationToken);
        if (links.Check(recording?.Tenant, id, request.Expires, request.Signature) is { } refusal)
        {
            return refusal;
        }

        if (recording!.State != RecordingState.Sealed)
        {
            return recording.State == RecordingState.Recording ? Refusal.RecordingOpen : Refusal.NotFound;
        }

        if (ByteRange.Evaluate(request.Range, request.IfRange, recording.SizeBytes, recording.EntityTag) is not { } range)
        {
            return Refusal.RangeNotSatisfiable(recording.SizeBytes);
        }

        var header = new ReadHeader
        {
            Recording = RecordingMessage.From(recording),
            First = range.First,
            Length = range.Length,
            Partial = range.IsPartial,
            Etag = recording.EntityTag,
        };
        await response.WriteAsync(new ReadResponse { Header = header }, cancellationToken);
        if (!request.HeaderOnly)
        {
            await SendAsync(recording, range, response, cancellationToken);
        }

        return null;
    }

    private async Task SendAsync(
        StoredRecording recording, ByteRange range, IServerStreamWriter<ReadResponse> response, CancellationToken cancellationToken)
    {
        await using var bytes = await store.OpenAsync(recording, range.First, range.Length, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(RecordingLimits.MaxChunkBytes);
        try
        {
            var sent = 0L;
            while (sent < range.Length)
            {
                var wanted = (int)Math.Min(RecordingLimits.MaxChunkBytes, range.Length - sent);
                await bytes.ReadExactlyAsync(buffer.AsMemory(0, wanted), cancellationToken);

                // The message is written out before the call returns, so the buffer may be used again.
                var chunk = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, wanted));
                await response.WriteAsync(new ReadResponse { Chunk = chunk }, cancellationToken);
                sent += wanted;
                metrics.Downloaded(wanted);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
