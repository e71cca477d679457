using System.Buffers;
using Microsoft.Net.Http.Headers;

namespace Clearway.Proxy.Routing;

/// <summary>
/// The room that a WebSocket handshake says it is for: the client offers <c>room.ID</c> beside <c>clearway.v1</c>
/// (docs/signaling-protocol.md). It chooses a node and nothing else: which room somebody enters is decided by the token.
/// </summary>
internal static class RoomHint
{
    private const string Prefix = "room.";
    private const int IdCharacters = 12;

    private static readonly SearchValues<char> IdAlphabet = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>The first well-formed hint among the offered subprotocols (RFC 6455 section 11.3.4), or null.</summary>
    internal static string? Of(IHeaderDictionary headers)
    {
        foreach (var header in headers[HeaderNames.SecWebSocketProtocol])
        {
            foreach (var range in header.AsSpan().Split(','))
            {
                var subprotocol = header.AsSpan()[range].Trim();
                if (subprotocol.StartsWith(Prefix, StringComparison.Ordinal) && IsRoomId(subprotocol[Prefix.Length..]))
                {
                    return subprotocol[Prefix.Length..].ToString();
                }
            }
        }

        return null;
    }

    private static bool IsRoomId(ReadOnlySpan<char> text) =>
        text.Length == IdCharacters && !text.ContainsAnyExcept(IdAlphabet);
}
