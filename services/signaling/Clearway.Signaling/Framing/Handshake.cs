using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Clearway.Signaling.Framing;

/// <summary>The opening handshake over HTTP/1.1, as a server checks and answers it (RFC 6455 section 4.2).</summary>
internal static class Handshake
{
    private const string Version = "13";

    /// <summary>Whether the request asks for a WebSocket over HTTP/1.1 at all, well or not.</summary>
    internal static bool IsAsked(HttpContext context) =>
        HttpProtocol.IsHttp11(context.Request.Protocol)
        && HttpMethods.IsGet(context.Request.Method)
        && context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
        && HasToken(context.Request.Headers.Upgrade, "websocket")
        && HasToken(context.Request.Headers.Connection, HeaderNames.Upgrade);

    /// <summary>Whether the version is the one that is spoken; when it is not, the answer is 426 and names it (section 4.4).</summary>
    internal static bool IsVersionKnown(HttpContext context)
    {
        if (context.Request.Headers.SecWebSocketVersion == Version)
        {
            return true;
        }

        context.Response.Headers.SecWebSocketVersion = Version;
        return false;
    }

    /// <summary>Whether the key is 16 bytes in base 64.</summary>
    internal static bool IsKeyWhole(HttpContext context)
    {
        var keys = context.Request.Headers.SecWebSocketKey;
        Span<byte> key = stackalloc byte[18];
        return keys is [{ Length: 24 } text] && Convert.TryFromBase64String(text, key, out var length) && length == 16;
    }

    /// <summary>Answers 101 with the subprotocol.</summary>
    internal static async Task AcceptAsync(HttpContext context, string subprotocol)
    {
        var headers = context.Response.Headers;
        headers.Connection = HeaderNames.Upgrade;
        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = AnswerTo(context.Request.Headers.SecWebSocketKey.ToString());
        headers.SecWebSocketProtocol = subprotocol;
        await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
    }

    // Section 4.2.2, 5.4: a hash that nobody takes for a secret; SHA-1 is what the protocol names.
    private static string AnswerTo(string key)
    {
#pragma warning disable CA5350
        return Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
    }

    private static bool HasToken(Microsoft.Extensions.Primitives.StringValues header, string token)
    {
        foreach (var line in header)
        {
            foreach (var part in line.AsSpan().Split(','))
            {
                if (line.AsSpan(part).Trim().Equals(token, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
