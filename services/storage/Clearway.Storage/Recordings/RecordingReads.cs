using System.Buffers;
using System.Net;
using Clearway.Storage.Links;
using Clearway.Storage.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Clearway.Storage.Recordings;

/// <summary>Sends sealed recordings to whoever holds a link.</summary>
internal sealed class RecordingReads(RecordingStore store, DownloadLinks links, RecordingMessage messages, StorageMetrics metrics)
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
        if (await WhyClosedAsync(recording, id, request, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var entityTag = recording!.EntityTag;
        if (ByteRange.Evaluate(request.Range, request.IfRange, recording.SizeBytes, entityTag) is not { } ranges)
        {
            return Refusal.RangeNotSatisfiable(recording.SizeBytes);
        }

        var header = new ReadHeader { Recording = messages.From(recording), Etag = entityTag };
        header.Parts.AddRange(ranges.Select(range => new BytePart { First = range.First, Length = range.Length }));
        await response.WriteAsync(new ReadResponse { Header = header }, cancellationToken);
        if (request.HeaderOnly)
        {
            return null;
        }

        foreach (var range in ranges.DefaultIfEmpty(new ByteRange(0, recording.SizeBytes)))
        {
            await SendAsync(recording, range, response, cancellationToken);
        }

        return null;
    }

    private async Task<Refusal?> WhyClosedAsync(
        StoredRecording? recording, RecordingId id, ReadRequest request, CancellationToken cancellationToken)
    {
        var link = new DownloadLink(request.Expires, request.Network, request.Signature);
        _ = IPAddress.TryParse(request.Address, out var address);
        if (links.Check(recording, id, link, address) is { } refusal)
        {
            return refusal;
        }

        if (recording!.State != RecordingState.Sealed)
        {
            return recording.State == RecordingState.Recording ? Refusal.RecordingOpen : Refusal.NotFound;
        }

        if (!recording.IsArchived)
        {
            return null;
        }

        await store.SetArchivedAsync(id, isArchived: false, cancellationToken);
        return Refusal.RecordingArchived;
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
