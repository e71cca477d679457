using System.Globalization;
using System.Text;
using Clearway.Proxy.Errors;
using Clearway.Storage.V1;

namespace Clearway.Proxy.Records;

/// <summary>
/// The resumable upload protocol tus 1.0.0 as recordings speak it: the core, and the extensions creation, creation-defer-length, checksum,
/// expiration and termination. https://tus.io/protocols/resumable-upload
/// </summary>
internal static class TusProtocol
{
    internal const string Version = "1.0.0";
    internal const string ContentType = "application/offset+octet-stream";
    internal const string ResumableHeader = "Tus-Resumable";
    internal const string OffsetHeader = "Upload-Offset";
    internal const string LengthHeader = "Upload-Length";
    internal const string DeferLengthHeader = "Upload-Defer-Length";
    internal const string MetadataHeader = "Upload-Metadata";
    internal const string ChecksumHeader = "Upload-Checksum";
    internal const string ExpiresHeader = "Upload-Expires";

    /// <summary>Largest recording; storage may be configured to take less.</summary>
    internal const long MaxBytes = 32L << 30;

    private const string VersionHeader = "Tus-Version";
    private const string Extensions = "creation,creation-defer-length,checksum,expiration,termination";
    private const string ChecksumAlgorithms = "sha1,sha256";

    /// <summary>Refuses other versions of the protocol, and marks every answer with ours.</summary>
    internal static TBuilder RequireTus<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.AddEndpointFilter(async (context, next) =>
    {
        var (request, response) = (context.HttpContext.Request, context.HttpContext.Response);

        // At the last moment, so that it is also on what an exception turns into.
        response.OnStarting(() =>
        {
            response.Headers[ResumableHeader] = Version;
            return Task.CompletedTask;
        });
        if (request.Headers[ResumableHeader] == Version)
        {
            return await next(context);
        }

        response.Headers[VersionHeader] = Version;
        return Problem.TusVersion.ToResult();
    });

    /// <summary><c>OPTIONS</c>: what this server can.</summary>
    internal static IResult Describe(HttpResponse response)
    {
        response.Headers[ResumableHeader] = Version;
        response.Headers[VersionHeader] = Version;
        response.Headers["Tus-Extension"] = Extensions;
        response.Headers["Tus-Checksum-Algorithm"] = ChecksumAlgorithms;
        response.Headers["Tus-Max-Size"] = MaxBytes.ToString(CultureInfo.InvariantCulture);
        return Results.NoContent();
    }

    /// <summary>Reads <c>Upload-Metadata</c>: comma-separated pairs of a key and a value in base 64.</summary>
    /// <returns>Null when it is malformed or a key comes twice.</returns>
    internal static Dictionary<string, string>? ReadMetadata(string header)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in header.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var space = pair.IndexOf(' ', StringComparison.Ordinal);
            var (key, value) = space < 0 ? (pair, "") : (pair[..space], pair[(space + 1)..]);
            var bytes = new byte[value.Length];
            if (!Convert.TryFromBase64String(value, bytes, out var length) || !TryRead(bytes.AsSpan(0, length), out var text)
                || !metadata.TryAdd(key, text))
            {
                return null;
            }
        }

        return metadata;
    }

    /// <summary>Reads <c>Upload-Checksum</c>: an algorithm and a digest in base 64; empty when there is none, null when it is malformed.</summary>
    internal static (string Algorithm, byte[] Digest)? ReadChecksum(string header)
    {
        if (header.Length == 0)
        {
            return ("", []);
        }

        var space = header.IndexOf(' ', StringComparison.Ordinal);
        var digest = new byte[header.Length];
        return space > 0 && Convert.TryFromBase64String(header[(space + 1)..], digest, out var length)
            ? (header[..space], digest[..length])
            : null;
    }

    /// <summary>
    /// Says where an upload stands. A sealed one is at its end, whatever size the file has got by the sealing: a client that comes back has
    /// nothing left to send.
    /// </summary>
    internal static void WriteState(HttpResponse response, Recording recording)
    {
        var isSealed = recording.State == RecordingState.Sealed;
        var length = recording.HasLength ? recording.Length : recording.SizeBytes;
        response.Headers[OffsetHeader] = (isSealed ? length : recording.SizeBytes).ToString(CultureInfo.InvariantCulture);
        if (isSealed || recording.HasLength)
        {
            response.Headers[LengthHeader] = length.ToString(CultureInfo.InvariantCulture);
        }
        else
        {
            response.Headers[DeferLengthHeader] = "1";
        }

        response.Headers[MetadataHeader] = $"recording_id {ToBase64(recording.Id)},title {ToBase64(recording.Title)}";
        WriteExpiry(response, recording.ExpiresAt);
    }

    /// <summary>Says until when an unfinished upload waits to go on, in the form of RFC 9110 section 5.6.7.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="expiresAt">Milliseconds since 1970-01-01T00:00:00Z; 0 when the upload is finished.</param>
    internal static void WriteExpiry(HttpResponse response, long expiresAt)
    {
        if (expiresAt > 0)
        {
            response.Headers[ExpiresHeader] = DateTimeOffset.FromUnixTimeMilliseconds(expiresAt).ToString("R", CultureInfo.InvariantCulture);
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, out string text)
    {
        var isText = System.Text.Unicode.Utf8.IsValid(bytes);
        text = isText ? Encoding.UTF8.GetString(bytes) : "";
        return isText;
    }

    private static string ToBase64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
