using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Clearway.Proxy.Access;
using Clearway.Proxy.Errors;
using Clearway.Storage.V1;
using Google.Protobuf;
using Grpc.Core;
using RecordingClient = Clearway.Storage.V1.RecordingService.RecordingServiceClient;

namespace Clearway.Proxy.Records;

/// <summary>
/// <c>PATCH /api/v1/records/{id}</c>: the body goes to storage in messages of 64 KiB, each written before the next one is read, so that
/// an upload holds one buffer however long it is and the browser is slowed to the speed of the store.
/// </summary>
internal static class RecordingUpload
{
    internal const string OffsetHeader = "Upload-Offset";

    /// <summary>Largest body of one request; a recording is many of them.</summary>
    internal const long MaxBytes = 64 * 1024 * 1024;

    private const string ContentType = "application/offset+octet-stream";
    private const int ChunkBytes = 64 * 1024;

    internal static async Task<IResult> AppendAsync(string id, HttpContext context, RecordingClient storage, TimeProvider time)
    {
        var request = context.Request;
        if (!string.Equals(request.ContentType, ContentType, StringComparison.OrdinalIgnoreCase))
        {
            return (Problem.MediaType with { Detail = $"Send {ContentType}." }).ToResult();
        }

        if (!long.TryParse(request.Headers[OffsetHeader], NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            return Problem.BadRequest($"{OffsetHeader} is needed: the number of bytes stored so far.").ToResult();
        }

        if (request.ContentLength > MaxBytes)
        {
            return (Problem.BodyTooLarge with { Detail = $"One request carries at most {MaxBytes} bytes." }).ToResult();
        }

        var claims = context.RoomClaims();
        var (recording, problem) = await RecordsEndpoints.FindAsync(storage, id, claims, time, context.RequestAborted);
        if (recording is null)
        {
            return problem!.ToResult();
        }

        try
        {
            using var call = storage.Upload(cancellationToken: context.RequestAborted);
            var header = new UploadHeader { Id = id, Tenant = claims.Tenant, Offset = offset };
            var stored = await SendAsync(call, header, request.BodyReader, context.RequestAborted);
            context.Response.Headers[OffsetHeader] = stored.Offset.ToString(CultureInfo.InvariantCulture);
            return Results.NoContent();
        }
        catch (RpcException exception) when (exception.Trailers.GetValue("clearway-offset") is { } expected)
        {
            context.Response.Headers[OffsetHeader] = expected;
            return (exception.ToProblem() ?? Problem.Internal).ToResult();
        }
    }

    private static async Task<UploadResponse> SendAsync(
        AsyncClientStreamingCall<UploadRequest, UploadResponse> call,
        UploadHeader header,
        PipeReader body,
        CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            await call.RequestStream.WriteAsync(new UploadRequest { Header = header }, cancellationToken);
            for (var ended = false; !ended;)
            {
                // The message is on the wire when the write returns, so one buffer serves all of them.
                (var filled, ended) = await FillAsync(body, buffer.AsMemory(0, ChunkBytes), cancellationToken);
                if (filled > 0)
                {
                    var chunk = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, filled));
                    await call.RequestStream.WriteAsync(new UploadRequest { Chunk = chunk }, cancellationToken);
                }
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // Storage refused before it had read everything; its answer says why.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return await call.ResponseAsync;
    }

    /// <summary>Takes bytes until the buffer is full or the body ends.</summary>
    private static async Task<(int Filled, bool Ended)> FillAsync(PipeReader body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await body.ReadAtLeastAsync(buffer.Length, cancellationToken);
        var filled = (int)Math.Min(read.Buffer.Length, buffer.Length);
        var taken = read.Buffer.Slice(0, filled);
        taken.CopyTo(buffer.Span);
        var ended = read.IsCompleted && filled == read.Buffer.Length;
        body.AdvanceTo(taken.End);
        return (filled, ended);
    }
}
