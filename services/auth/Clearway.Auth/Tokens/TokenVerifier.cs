using System.Text.Json;

namespace Clearway.Auth.Tokens;

/// <summary>Checks signature, issuer, audience, times and the types of the claims; revocation is <see cref="TokenCheck"/>'s.</summary>
internal sealed class TokenVerifier(JwsVerifier signatures, TimeProvider time)
{
    /// <summary>How far the clocks of two servers that issue and verify may be apart.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    public TokenVerdict<TClaims> Verify<TClaims>(string token)
        where TClaims : class, ITokenClaims<TClaims>
    {
        if (signatures.Verify(token, out var bytes) is { } refusal)
        {
            return refusal;
        }

        if (ReadPayload(bytes) is not { } payload || !HasSaneTimes(payload) || !TokenId.TryParse(payload.TokenId, out var id))
        {
            return TokenRefusal.Malformed;
        }

        if (payload.Issuer != TokenIssuer.Name)
        {
            return TokenRefusal.Issuer;
        }

        if (payload.Audience != Words.Of(TClaims.Audience))
        {
            return TokenRefusal.Audience;
        }

        var now = time.GetUtcNow();
        if (Seconds(payload.NotBefore) > now + ClockSkew || Seconds(payload.IssuedAt) > now + ClockSkew)
        {
            return TokenRefusal.NotYetValid;
        }

        if (Seconds(payload.ExpiresAt) + ClockSkew <= now)
        {
            return TokenRefusal.Expired;
        }

        return TClaims.Read(payload) is { } claims
            ? new VerifiedToken<TClaims>(claims, id, Seconds(payload.IssuedAt), Seconds(payload.ExpiresAt))
            : TokenRefusal.Malformed;
    }

    private static DateTimeOffset Seconds(long unixSeconds) => DateTimeOffset.FromUnixTimeSeconds(unixSeconds);

    private static bool HasSaneTimes(TokenPayload payload)
    {
        // The year 9000: far beyond any token, and safe for arithmetic on DateTimeOffset.
        const long latest = 221_845_392_000;
        return payload is { IssuedAt: >= 0 and < latest, NotBefore: >= 0 and < latest, ExpiresAt: >= 0 and < latest }
            && (payload.OpenedAt is null || (payload.OpenedAt >= 0 && payload.OpenedAt <= payload.IssuedAt))
            && payload.IssuedAt <= payload.ExpiresAt
            && payload.NotBefore <= payload.ExpiresAt;
    }

    private static TokenPayload? ReadPayload(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, TokenJson.Default.TokenPayload);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A token whose signature, issuer, audience and times are good.</summary>
internal sealed record VerifiedToken<TClaims>(TClaims Claims, TokenId Id, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt);

/// <summary>A verified token, or why it is refused.</summary>
internal readonly record struct TokenVerdict<TClaims>(VerifiedToken<TClaims>? Token, TokenRefusal? Refusal)
{
    public static implicit operator TokenVerdict<TClaims>(VerifiedToken<TClaims> token) => new(token, null);

    public static implicit operator TokenVerdict<TClaims>(TokenRefusal refusal) => new(null, refusal);
}
