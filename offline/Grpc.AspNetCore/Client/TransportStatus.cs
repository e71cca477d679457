using System.Net.Sockets;
using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>The status of a call whose connection or stream failed.</summary>
internal static class TransportStatus
{
    public static StatusCode Of(Exception exception)
    {
        var isConnection = false;
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (current is HttpProtocolException protocol)
            {
                return OfHttp2Error(protocol.ErrorCode);
            }

            isConnection |= current is SocketException or IOException;
        }

        return isConnection ? StatusCode.Unavailable : StatusCode.Internal;
    }

    public static string Describe(string summary, Exception exception)
    {
        var messages = new List<string>();
        for (var current = exception; current is not null; current = current.InnerException)
        {
            messages.Add($"{current.GetType().Name}: {current.Message}");
        }

        return $"{summary} {string.Join(' ', messages)}";
    }

    /// <summary>Error codes of RFC 9113, section 7, as gRPC maps them.</summary>
    private static StatusCode OfHttp2Error(long code) => code switch
    {
        0x7 => StatusCode.Unavailable, // REFUSED_STREAM
        0x8 => StatusCode.Cancelled, // CANCEL
        0xb => StatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        0xc => StatusCode.PermissionDenied, // INADEQUATE_SECURITY
        _ => StatusCode.Internal,
    };
}
