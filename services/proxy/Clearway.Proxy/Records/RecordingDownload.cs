using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Clearway.Proxy.Errors;
using Clearway.Storage.V1;
using Grpc.Core;
using Microsoft.Net.Http.Headers;

namespace Clearway.Proxy.Records;

/// <summary>
/// <c>GET</c> and <c>HEAD /api/v1/records/{id}/file</c>: the sealed file by its signed link, whole or in ranges (RFC 9110 section 14).
/// Storage judges the link and the ranges of every request; the bytes come from <see cref="RecordingBytes"/>.
/// </summary>
internal static class RecordingDownload
{
    internal static async Task<IResult> ReadAsync(string id, HttpContext context, RecordingBytes bytes)
    {
        if (LinkQuery.Read(context) is not { } link)
        {
            return Problem.LinkRefused.ToResult();
        }

        // Range is defined for GET alone (section 14.2).
        var isHead = HttpMethods.IsHead(context.Request.Method);
        var request = new ReadRequest
        {
            Id = id,
            Expires = link.Expires,
            Signature = link.Signature,
            Network = link.Network,
            Address = link.Address,
            Range = isHead ? "" : context.Request.Headers.Range.ToString(),
            IfRange = isHead ? "" : context.Request.Headers.IfRange.ToString(),
            HeaderOnly = true,
        };
        try
        {
            var header = await bytes.HeaderAsync(request, context.RequestAborted);
            if (WhyNothing(context, header) is { } nothing)
            {
                return nothing;
            }

            var file = FilePart.Of(header);
            Describe(context.Response, header, file, asAttachment: context.Request.Query["download"] == "1");
            if (!isHead)
            {
                await SendAsync(bytes, request, header, file, context);
            }

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

    /// <summary>The answer when the request's conditions leave nothing to send (RFC 9110 section 13.2.2), else null.</summary>
    private static IResult? WhyNothing(HttpContext context, ReadHeader header)
    {
        var (headers, response) = (context.Request.GetTypedHeaders(), context.Response);
        var current = EntityTagHeaderValue.Parse(header.Etag);
        if (headers.IfMatch is { Count: > 0 } wanted && !wanted.Any(tag => Matches(tag, current, isStrong: true)))
        {
            return Problem.PreconditionFailed.ToResult();
        }

        response.Headers.ETag = header.Etag;
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.AcceptRanges = "bytes";
        return headers.IfNoneMatch is { Count: > 0 } known && known.Any(tag => Matches(tag, current, isStrong: false))
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : null;
    }

    private static bool Matches(EntityTagHeaderValue tag, EntityTagHeaderValue current, bool isStrong) =>
        tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(current, isStrong);

    private static void Describe(HttpResponse response, ReadHeader header, FilePart[] file, bool asAttachment)
    {
        response.StatusCode = header.Parts.Count > 0 ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
        response.ContentType = file[0].ContentType;
        response.ContentLength = file.Sum(part => part.Head.Length + part.Length);
        response.Headers.ContentDisposition = Disposition(header.Recording.Title, asAttachment);
        response.Headers.ContentSecurityPolicy = "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox";
        if (header.Parts is [var only])
        {
            response.Headers.ContentRange = FilePart.RangeOf(only, header.Recording.SizeBytes);
        }
    }

    private static async Task SendAsync(
        RecordingBytes bytes, ReadRequest request, ReadHeader header, FilePart[] file, HttpContext context)
    {
        var (body, cancel) = (context.Response.BodyWriter, context.RequestAborted);
        await context.Response.StartAsync(cancel);
        foreach (var part in file)
        {
            await body.WriteAsync(part.Head, cancel);
            await bytes.SendAsync(request, header, part.First, part.Length, body, cancel);
        }
    }

    /// <summary>A part of the answer: what stands before the bytes, and which of them follow.</summary>
    private readonly record struct FilePart(string ContentType, byte[] Head, long First, long Length)
    {
        /// <summary>One piece, or for several ranges those of multipart/byteranges (section 14.6).</summary>
        public static FilePart[] Of(ReadHeader header)
        {
            var mediaType = header.Recording.ContentType == "video/webm" ? "video/webm" : "application/octet-stream";
            if (header.Parts.Count <= 1)
            {
                return header.Parts is [var only]
                    ? [new FilePart(mediaType, [], only.First, only.Length)]
                    : [new FilePart(mediaType, [], 0, header.Recording.SizeBytes)];
            }

            var boundary = RandomNumberGenerator.GetHexString(32, lowercase: true);
            var type = $"multipart/byteranges; boundary={boundary}";
            return
            [
                .. header.Parts.Select(part => new FilePart(
                    type,
                    Encoding.ASCII.GetBytes(
                        $"\r\n--{boundary}\r\nContent-Type: {mediaType}\r\nContent-Range: {RangeOf(part, header.Recording.SizeBytes)}\r\n\r\n"),
                    part.First,
                    part.Length)),
                new FilePart(type, Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n"), 0, 0),
            ];
        }

        public static string RangeOf(BytePart part, long size) =>
            string.Create(CultureInfo.InvariantCulture, $"bytes {part.First}-{part.First + part.Length - 1}/{size}");
    }
}
