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
/// Uploads by tus (<see cref="TusProtocol"/>). The body of a <c>PATCH</c> goes to storage in messages of 64 KiB, each written before the
/// next one is read, so that an upload holds one buffer however long it is and the browser is slowed to the speed of the store.
/// </summary>
internal static class RecordingUpload
{
    /// <summary>Answers a creation with the credential that outlives the room token.</summary>
    internal const string KeyHeader = "Upload-Key";

    private const int ChunkBytes = 64 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary><c>POST /api/v1/records</c>: the recording's id and title come as metadata.</summary>
    internal static async Task<IResult> CreateAsync(HttpContext context, RecordingClient storage, TimeProvider time)
    {
        var headers = context.Request.Headers;
        if (TusProtocol.ReadMetadata(headers[TusProtocol.MetadataHeader].ToString()) is not { } metadata)
        {
            return Problem.BadRequest($"{TusProtocol.MetadataHeader} is malformed.").ToResult();
        }

        if (!RecordingId.IsValid(metadata.GetValueOrDefault("recording_id")))
        {
            return Problem.RecordingIdMalformed.ToResult();
        }

        var claims = context.RoomClaims();
        var request = new CreateRequest
        {
            Id = metadata["recording_id"],
            Tenant = claims.Tenant,
            Room = claims.Room,
            Title = metadata.GetValueOrDefault("title", ""),
            RecordedBy = claims.Subject,
        };
        if (headers[TusProtocol.DeferLengthHeader] != "1")
        {
            if (!TryReadSize(headers[TusProtocol.LengthHeader], out var length))
            {
                return Problem.BadRequest($"Either {TusProtocol.LengthHeader} or {TusProtocol.DeferLengthHeader}: 1 is needed.").ToResult();
            }

            if (length > TusProtocol.MaxBytes)
            {
                return (Problem.BodyTooLarge with { Detail = $"A recording has at most {TusProtocol.MaxBytes} bytes." }).ToResult();
            }

            request.Length = length;
        }

        var recording = await storage.CreateAsync(
            request, deadline: time.GetUtcNow().UtcDateTime + Deadline, cancellationToken: context.RequestAborted);
        context.Response.Headers.Location = $"/api/v1/records/{recording.Id}";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers[KeyHeader] = recording.UploadKey;
        TusProtocol.WriteExpiry(context.Response, recording);
        return Results.StatusCode(StatusCodes.Status201Created);
    }

    /// <summary><c>HEAD</c>: how far an upload got.</summary>
    internal static async Task<IResult> FindAsync(string id, HttpContext context, RecordingClient storage, TimeProvider time)
    {
        var recording = await storage.GetAsync(
            new GetRequest { Id = id, Access = context.StorageAccess() },
            deadline: time.GetUtcNow().UtcDateTime + Deadline,
            cancellationToken: context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        TusProtocol.WriteState(context.Response, recording);
        return Results.Ok();
    }

    /// <summary><c>PATCH</c>: the bytes from an offset on.</summary>
    internal static async Task<IResult> AppendAsync(string id, HttpContext context, RecordingClient storage)
    {
        var request = context.Request;
        if (!string.Equals(request.ContentType, TusProtocol.ContentType, StringComparison.OrdinalIgnoreCase))
        {
            return (Problem.MediaType with { Detail = $"Send {TusProtocol.ContentType}." }).ToResult();
        }

        if (!TryReadSize(request.Headers[TusProtocol.OffsetHeader], out var offset))
        {
            return Problem.BadRequest($"{TusProtocol.OffsetHeader} is needed: the number of bytes stored so far.").ToResult();
        }

        if (TusProtocol.ReadChecksum(request.Headers[TusProtocol.ChecksumHeader].ToString()) is not { } checksum)
        {
            return Problem.BadRequest($"{TusProtocol.ChecksumHeader} is malformed.").ToResult();
        }

        var header = new UploadHeader
        {
            Id = id,
            Access = context.StorageAccess(),
            Offset = offset,
            ChecksumAlgorithm = checksum.Algorithm,
            Checksum = ByteString.CopyFrom(checksum.Digest),
        };
        if (request.Headers.TryGetValue(TusProtocol.LengthHeader, out var total))
        {
            if (!TryReadSize(total, out var length))
            {
                return Problem.BadRequest($"{TusProtocol.LengthHeader} is malformed.").ToResult();
            }

            header.Length = length;
        }

        try
        {
            using var call = storage.Upload(cancellationToken: context.RequestAborted);
            var stored = await SendAsync(call, header, request.BodyReader, context.RequestAborted);
            context.Response.Headers[TusProtocol.OffsetHeader] = stored.Offset.ToString(CultureInfo.InvariantCulture);
            return Results.NoContent();
        }
        catch (RpcException exception) when (exception.Trailers.GetValue("clearway-offset") is { } expected)
        {
            context.Response.Headers[TusProtocol.OffsetHeader] = expected;
            return (exception.ToProblem() ?? Problem.Internal).ToResult();
        }
    }

    /// <summary><c>DELETE</c>: ends an upload, and frees its bytes.</summary>
    internal static async Task<IResult> TerminateAsync(string id, HttpContext context, RecordingClient storage, TimeProvider time)
    {
        await storage.DeleteAsync(
            new DeleteRequest { Id = id, Access = context.StorageAccess() },
            deadline: time.GetUtcNow().UtcDateTime + Deadline,
            cancellationToken: context.RequestAborted);
        return Results.NoContent();
    }

    private static bool TryReadSize(string? text, out long size) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size);

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
