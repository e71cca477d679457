using System.Buffers;
using System.Net;
using Clearway.Storage.Links;
using Clearway.Storage.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Clearway.Storage.Recordings;

/// <summary>Sends sealed recordings to whoever holds a link.</summary>
internal sealed class RecordingReads(
    RecordingStore store, SealedLookup lookup, Chapters chapters, DownloadLinks links, RecordingMessage messages, StorageMetrics metrics)
{
    /// <summary>Sends the header and, unless only that is asked for, the bytes.</summary>
    /// <returns>Why nothing was sent, or null.</returns>
    public async Task<Refusal?> SendAsync(
        ReadRequest request, IServerStreamWriter<ReadResponse> response, CancellationToken cancellationToken)
    {
        var link = new DownloadLink(request.Expires, request.Network, request.Signature);
        if ((await OpenAsync(request.Id, link, request.Address, cancellationToken)).IsRefused(out var refusal, out var recording))
        {
            return refusal;
        }

        if (recording.IsArchived)
        {
            await store.SetArchivedAsync(recording.Id, isArchived: false, cancellationToken);
            return Refusal.RecordingArchived;
        }

        var entityTag = recording.EntityTag;
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

    /// <summary>Who spoke when, for whoever has a link; the archive keeps nobody from it.</summary>
    public async Task<Outcome<GetChaptersResponse>> ChaptersAsync(GetChaptersRequest request, CancellationToken cancellationToken)
    {
        var link = new DownloadLink(request.Expires, request.Network, request.Signature);
        if ((await OpenAsync(request.Id, link, request.Address, cancellationToken)).IsRefused(out var refusal, out var recording))
        {
            return refusal;
        }

        var answer = new GetChaptersResponse { Recording = messages.From(recording) };
        answer.Chapters.AddRange(Chapters.Of(await chapters.TurnsAsync(recording.Id, cancellationToken), recording.Duration).Select(turn =>
            new Speech { Participant = turn.Participant, Name = turn.Name, StartMs = turn.StartMs, EndMs = turn.EndMs }));
        return answer;
    }

    /// <summary>The sealed recording that a link is good for.</summary>
    private async Task<Outcome<StoredRecording>> OpenAsync(string id, DownloadLink link, string asker, CancellationToken cancellationToken)
    {
        if (!RecordingId.TryParse(id, out var known))
        {
            return Refusal.RecordingIdMalformed;
        }

        var recording = await lookup.FindAsync(known, cancellationToken);
        _ = IPAddress.TryParse(asker, out var address);
        if (links.Check(recording, known, link, address) is { } refusal)
        {
            return refusal;
        }

        return recording!.State switch
        {
            RecordingState.Sealed => (Outcome<StoredRecording>)recording,
            RecordingState.Recording => Refusal.RecordingOpen,
            _ => Refusal.NotFound,
        };
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
