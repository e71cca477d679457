using System.Text;
using System.Text.Json;

namespace Clearway.Auth.Tokens;

/// <summary>
/// Reads a compact JWS (RFC 7515 section 5.2, RFC 8725) of exactly the form that <see cref="TokenIssuer"/> writes: ES256, a key of
/// ours named by <c>kid</c>, and no header that could name another one.
/// </summary>
internal sealed class JwsVerifier(SigningKeys keys)
{
    public const string Algorithm = "ES256";

    public const string Type = "JWT";

    public const int MaxTokenCharacters = 8 * 1024;

    /// <summary>Answers null and the bytes of the payload, or why the token is refused. Nothing of the payload is read before the signature.</summary>
    public TokenRefusal? Verify(string token, out byte[] payload)
    {
        payload = [];
        Span<Range> parts = stackalloc Range[4];
        if (token.Length > MaxTokenCharacters
            || token.AsSpan().Split(parts, '.') != 3
            || !StrictBase64Url.TryDecode(token.AsSpan(parts[0]), out var headerBytes)
            || !StrictBase64Url.TryDecode(token.AsSpan(parts[1]), out var payloadBytes)
            || !StrictBase64Url.TryDecode(token.AsSpan(parts[2]), out var signature)
            || ReadHeader(headerBytes) is not { } header)
        {
            return TokenRefusal.Malformed;
        }

        // Each part was found to be ASCII, so no character is lost here.
        var signed = Encoding.ASCII.GetBytes(token, 0, parts[1].End.Value);
        if (header is not { Algorithm: Algorithm } || keys.Find(header.KeyId) is not { } key || !key.Verify(signed, signature))
        {
            return TokenRefusal.Signature;
        }

        payload = payloadBytes;
        return null;
    }

    private static TokenHeader? ReadHeader(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, TokenJson.Default.TokenHeader) is { Type: Type } header ? header : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
