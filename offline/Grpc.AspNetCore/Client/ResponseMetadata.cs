using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client;

/// <summary>Status and metadata in a response's headers and trailers.</summary>
internal static class ResponseMetadata
{
    private static readonly HashSet<string> ProtocolHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        ProtocolNames.Status, ProtocolNames.Message, ProtocolNames.Encoding, ProtocolNames.AcceptEncoding,
        "content-encoding", "content-type",
    };

    public static Metadata Read(HttpHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers.NonValidated)
        {
            if (ProtocolHeaders.Contains(name))
            {
                continue;
            }

            foreach (var value in values)
            {
                if (name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
                {
                    BinaryHeader.AddTo(metadata, name, value);
                }
                else
                {
                    metadata.Add(name, value);
                }
            }
        }

        return metadata;
    }

    /// <summary>The status at the end of a response that has been read.</summary>
    public static Status StatusOf(HttpResponseMessage response) =>
        StatusIn(response.TrailingHeaders)
        ?? StatusIn(response.Headers)
        ?? new Status(StatusCode.Cancelled, "No grpc-status found on response.");

    /// <summary>The status of a response that is over with its headers; null when messages or trailers follow.</summary>
    public static Status? FinalStatusIn(HttpResponseMessage response)
    {
        if (StatusIn(response.Headers) is { } status)
        {
            return status;
        }

        if (response.Version < HttpVersion.Version20)
        {
            return new Status(StatusCode.Internal, $"Bad gRPC response. Response protocol downgraded to HTTP/{response.Version}.");
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return new Status(Of(response.StatusCode), $"Bad gRPC response. HTTP status code: {(int)response.StatusCode}");
        }

        var contentType = First(response.Content.Headers, "content-type");
        return ProtocolNames.IsGrpcContentType(contentType)
            ? null
            : new Status(StatusCode.Cancelled, $"Bad gRPC response. Invalid content-type value: {contentType}");
    }

    public static string? First(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) && values.Count > 0 ? values.First() : null;

    private static Status? StatusIn(HttpHeaders headers) => First(headers, ProtocolNames.Status) switch
    {
        null => null,
        var text when int.TryParse(text, out var code) =>
            new Status((StatusCode)code, PercentEncoding.Decode(First(headers, ProtocolNames.Message) ?? "")),
        var text => new Status(StatusCode.Cancelled, $"Unexpected grpc-status value: {text}"),
    };

    /// <summary>As the protocol maps answers of gateways that do not speak gRPC.</summary>
    private static StatusCode Of(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.RequestHeaderFieldsTooLarge => StatusCode.Internal,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
            or HttpStatusCode.GatewayTimeout => StatusCode.Unavailable,
        < HttpStatusCode.OK => StatusCode.Internal,
        _ => StatusCode.Unknown,
    };
}
