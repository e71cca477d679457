using Clearway.Chat.V1;
using Clearway.Proxy.Access;
using Clearway.Proxy.Errors;
using Clearway.ServiceDefaults;
using Grpc.Core;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using FileClient = Clearway.Chat.V1.RoomFileService.RoomFileServiceClient;

namespace Clearway.Proxy.ChatHistory;

/// <summary>
/// <c>/api/v1/rooms/{room}/files</c>: files of the token's own room. What they are is what Chat says of their bytes; nothing but its images is
/// ever shown by a browser, and nothing of a file runs in this origin.
/// </summary>
internal static class RoomFilesEndpoint
{
    internal const string NameHeader = "Clearway-File-Name";

    /// <summary>More than Chat takes: it says how much that is.</summary>
    private const long LargestBody = 128L * 1024 * 1024;

    private const int LongestName = 3 * 1024;

    private static readonly string[] _shown = ["image/png", "image/jpeg", "image/gif", "image/webp"];

    internal static void AddRoomFiles(this IHostApplicationBuilder builder)
    {
        var address = builder.Configuration.GetServiceAddress("chat", "grpc");
        builder.Services.AddGrpcClient<FileClient>(client => client.Address = address);
    }

    internal static void MapRoomFiles(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/api/v1/rooms/{room}/files", UploadAsync).RequireRoomToken().WithMetadata(new RequestSizeLimitAttribute(LargestBody));
        endpoints.MapMethods("/api/v1/rooms/{room}/files/{id}", [HttpMethods.Get, HttpMethods.Head], DownloadAsync).RequireRoomToken();
    }

    private static async Task<IResult> UploadAsync(HttpContext context, FileClient files)
    {
        var claims = context.RoomClaims();
        if (context.Request.ContentLength is not { } length)
        {
            return Problem.BadRequest("Content-Length is needed.").ToResult();
        }

        if (context.Request.Headers[NameHeader] is not [{ Length: > 0 and <= LongestName } name])
        {
            return Problem.BadRequest($"{NameHeader} is needed once, percent-encoded, with at most {LongestName} characters.").ToResult();
        }

        var header = new FileHeader
        {
            Tenant = claims.Tenant,
            Room = claims.Room,
            SenderId = claims.Subject,
            SenderName = claims.Name,
            Name = Uri.UnescapeDataString(name),
            Size = length,
        };
        using var call = files.Upload(cancellationToken: context.RequestAborted);
        var stored = await UploadStream.SendAsync(
            call,
            new UploadFileRequest { Header = header },
            chunk => new UploadFileRequest { Chunk = chunk },
            context.Request.BodyReader,
            context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return Wire.ToJson(
            new UploadedFile(stored.File.Id, stored.File.Name, stored.File.Size, stored.File.ContentType, stored.SystemData, stored.Security),
            StatusCodes.Status201Created);
    }

    private static async Task<IResult> DownloadAsync(string id, HttpContext context, FileClient files)
    {
        var claims = context.RoomClaims();
        if (!Guid.TryParseExact(id, "D", out _))
        {
            return Problem.NotFound.ToResult();
        }

        using var call = files.Download(
            new DownloadFileRequest { Tenant = claims.Tenant, Room = claims.Room, Id = id }, cancellationToken: context.RequestAborted);
        if (!await call.ResponseStream.MoveNext(context.RequestAborted) || call.ResponseStream.Current.File is not { } file)
        {
            throw new InvalidOperationException("Chat answered a download without saying what it is.");
        }

        Describe(context.Response, file);
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return Results.Empty;
        }

        try
        {
            while (await call.ResponseStream.MoveNext(context.RequestAborted))
            {
                await context.Response.BodyWriter.WriteAsync(call.ResponseStream.Current.Chunk.Memory, context.RequestAborted);
            }
        }
        catch (RpcException) when (context.Response.HasStarted)
        {
            // Half a file must not look like a whole one.
            context.Abort();
        }

        return Results.Empty;
    }

    private static void Describe(HttpResponse response, RoomFile file)
    {
        var isShown = _shown.Contains(file.ContentType, StringComparer.Ordinal);
        response.ContentType = isShown ? file.ContentType : "application/octet-stream";
        response.ContentLength = file.Size;
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        var disposition = new ContentDispositionHeaderValue(isShown ? "inline" : "attachment");
        disposition.SetHttpFileName(file.Name);
        response.Headers.ContentDisposition = disposition.ToString();
    }

    /// <summary>What was stored, and what goes into a <c>chat</c> frame to bring it into the room.</summary>
    private sealed record UploadedFile(string FileId, string Name, long SizeBytes, string ContentType, string SystemData, string Security);
}
