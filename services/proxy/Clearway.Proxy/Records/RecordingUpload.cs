using System.Globalization;
using Clearway.Auth.V1;
using Clearway.Proxy.Access;
using Clearway.Proxy.Errors;
using Clearway.Storage.V1;
using Google.Protobuf;
using Grpc.Core;
using RecordingClient = Clearway.Storage.V1.RecordingService.RecordingServiceClient;

namespace Clearway.Proxy.Records;

/// <summary>
/// Uploads by tus (<see cref="TusProtocol"/>). The body of a <c>PATCH</c> goes to storage as it comes (<see cref="UploadStream"/>).
/// </summary>
internal static class RecordingUpload
{
    /// <summary>Answers a creation with the credential that outlives the room token.</summary>
    internal const string KeyHeader = "Upload-Key";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>
    /// <c>POST /api/v1/records</c>: the recording's id and title come as metadata. What the gateway has opened already keeps its title; participants
    /// get no other recording than what it opened for them.
    /// </summary>
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
            RecordedByName = claims.Name,
            IsClaim = claims.Role is not (Role.Organizer or Role.Moderator),
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
        TusProtocol.WriteExpiry(context.Response, recording.ExpiresAt);
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
            var stored = await UploadStream.SendAsync(
                call, new UploadRequest { Header = header }, chunk => new UploadRequest { Chunk = chunk }, request.BodyReader, context.RequestAborted);
            context.Response.Headers[TusProtocol.OffsetHeader] = stored.Offset.ToString(CultureInfo.InvariantCulture);
            TusProtocol.WriteExpiry(context.Response, stored.ExpiresAt);
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
}
