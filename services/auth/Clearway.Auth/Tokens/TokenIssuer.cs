using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Clearway.Auth.Tokens;

/// <summary>Signs tokens with the newest key.</summary>
internal sealed class TokenIssuer(SigningKeys keys, TimeProvider time)
{
    /// <summary><c>iss</c> of every token.</summary>
    public const string Name = "clearway";

    // A payload travels in base64url and never in HTML: a name stays as short as it was typed, so that the longest one fits.
    private static readonly TokenJson _terse = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });

    public IssuedToken Issue<TClaims>(TClaims claims)
        where TClaims : class, ITokenClaims<TClaims>
    {
        var now = time.GetUtcNow();
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds((now + TClaims.Lifetime).ToUnixTimeSeconds());
        var payload = claims.Write(new TokenPayload
        {
            Issuer = Name,
            Audience = Words.Of(TClaims.Audience),
            Subject = "",
            Tenant = "",
            IssuedAt = now.ToUnixTimeSeconds(),
            NotBefore = now.ToUnixTimeSeconds(),
            ExpiresAt = expiresAt.ToUnixTimeSeconds(),
            TokenId = TokenId.New().Value,
        });
        return new IssuedToken(Sign(payload), expiresAt);
    }

    private string Sign(TokenPayload payload)
    {
        var key = keys.Signing;
        var header = new TokenHeader { Algorithm = JwsVerifier.Algorithm, KeyId = key.KeyId, Type = JwsVerifier.Type };
        var signed = string.Concat(
            StrictBase64Url.Encode(JsonSerializer.SerializeToUtf8Bytes(header, _terse.TokenHeader)),
            ".",
            StrictBase64Url.Encode(JsonSerializer.SerializeToUtf8Bytes(payload, _terse.TokenPayload)));
        return $"{signed}.{StrictBase64Url.Encode(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }
}

/// <summary>A compact JWS (RFC 7515) and the time from which it is refused.</summary>
internal sealed record IssuedToken(string Token, DateTimeOffset ExpiresAt);
