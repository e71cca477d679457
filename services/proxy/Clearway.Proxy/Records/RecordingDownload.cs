using System.Globalization;
using System.Text;
using Clearway.Proxy.Errors;
using Clearway.Storage.V1;
using Grpc.Core;
using Microsoft.Net.Http.Headers;
using RecordingClient = Clearway.Storage.V1.RecordingService.RecordingServiceClient;

namespace Clearway.Proxy.Records;

/// <summary>
/// <c>GET</c> and <c>HEAD /api/v1/records/{id}/file</c>: the sealed file by its signed link, whole or one range of it (RFC 9110 section
/// 14). Storage judges the link and the range; bytes go out as they come in.
/// </summary>
internal static class RecordingDownload
{
    internal static async Task<IResult> ReadAsync(string id, HttpContext context, RecordingClient storage)
    {
        var query = context.Request.Query;
        if (query["signature"] is not [{ Length: > 0 and <= 128 } signature]
            || !long.TryParse(query["expires"], NumberStyles.None, CultureInfo.InvariantCulture, out var expires))
        {
            return Problem.LinkRefused.ToResult();
        }

        var request = new ReadRequest
        {
            Id = id,
            Expires = expires,
            Signature = signature,
            Range = context.Request.Headers.Range.ToString(),
            IfRange = context.Request.Headers.IfRange.ToString(),
            HeaderOnly = HttpMethods.IsHead(context.Request.Method),
        };
        try
        {
            using var call = storage.Read(request, cancellationToken: context.RequestAborted);
            if (!await call.ResponseStream.MoveNext(context.RequestAborted) || call.ResponseStream.Current.Header is not { } header)
            {
                throw new InvalidOperationException("Storage answered a read without a header.");
            }

            if (!Describe(context, header, asAttachment: query["download"] == "1") || request.HeaderOnly)
            {
                return Results.Empty;
            }

            await CopyAsync(call.ResponseStream, context);
            return Results.Empty;
        }
        catch (RpcException exception) when (exception.Trailers.GetValue("clearway-size") is { } size)
        {
            context.Response.Headers.ContentRange = $"bytes */{size}";
            return (exception.ToProblem() ?? Problem.Internal).ToResult();
        }
        catch (RpcException) when (context.Response.HasStarted)
        {
            // Half a file must not look like a whole one.
            context.Abort();
            return Results.Empty;
        }
    }

    /// <summary>Writes status and headers; false when the client's copy is still good (RFC 9110 section 13.1.2).</summary>
    private static bool Describe(HttpContext context, ReadHeader header, bool asAttachment)
    {
        var response = context.Response;
        response.Headers.ETag = header.Etag;
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.AcceptRanges = "bytes";
        if (IsKnown(context.Request, header.Etag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return false;
        }

        response.StatusCode = header.Partial ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
        response.ContentType = header.Recording.ContentType == "video/webm" ? "video/webm" : "application/octet-stream";
        response.ContentLength = header.Length;
        response.Headers.ContentDisposition = Disposition(header.Recording.Title, asAttachment);
        response.Headers.ContentSecurityPolicy = "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox";
        if (header.Partial)
        {
            response.Headers.ContentRange = $"bytes {header.First}-{header.First + header.Length - 1}/{header.Recording.SizeBytes}";
        }

        return true;
    }

    private static bool IsKnown(HttpRequest request, string etag) =>
        request.GetTypedHeaders().IfNoneMatch is { Count: > 0 } known
        && EntityTagHeaderValue.TryParse(etag, out var current)
        && known.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(current, useStrongComparison: false));

    private static async Task CopyAsync(IAsyncStreamReader<ReadResponse> chunks, HttpContext context)
    {
        while (await chunks.MoveNext(context.RequestAborted))
        {
            await context.Response.BodyWriter.WriteAsync(chunks.Current.Chunk.Memory, context.RequestAborted);
        }
    }

    /// <summary>
    /// The title as a file name (RFC 6266, RFC 8187). Letters, digits and a few marks stay, whatever else a title has becomes a hyphen: no
    /// quote, separator, control or direction character reaches a header or a disk.
    /// </summary>
    internal static string Disposition(string title, bool asAttachment)
    {
        var name = new StringBuilder();
        foreach (var rune in title.EnumerateRunes())
        {
            name.Append(Rune.IsLetterOrDigit(rune) || rune.Value is ' ' or '-' or '_' or '.' ? rune.ToString() : "-");
        }

        var safe = name.ToString().Trim(' ', '.', '-');
        var disposition = new ContentDispositionHeaderValue(asAttachment ? "attachment" : "inline");
        disposition.SetHttpFileName((safe.Length == 0 ? "recording" : safe) + ".webm");
        return disposition.ToString();
    }
}
