namespace Clearway.Auth.Tokens;

/// <summary>Why a token is refused.</summary>
internal enum TokenRefusal
{
    /// <summary>Not a compact JWS with the members and types that Clearway issues.</summary>
    Malformed,

    /// <summary>Not signed with ES256 by one of our keys.</summary>
    Signature,

    /// <summary><c>exp</c> has passed.</summary>
    Expired,

    /// <summary><c>nbf</c> or <c>iat</c> lies ahead.</summary>
    NotYetValid,

    /// <summary>Issued for another purpose.</summary>
    Audience,

    /// <summary>Issued by somebody else.</summary>
    Issuer,

    /// <summary>The token or its session was revoked.</summary>
    Revoked,

    /// <summary>Whether it was revoked cannot be told now: nothing is wrong with the token, ask again.</summary>
    RevocationUnknown,
}

/// <summary>Stable codes of refusals, as docs/rest-api.md lists them.</summary>
internal static class TokenRefusalCodes
{
    public static string Code(this TokenRefusal refusal) => refusal switch
    {
        TokenRefusal.Malformed => "token_malformed",
        TokenRefusal.Signature => "token_signature",
        TokenRefusal.Expired => "token_expired",
        TokenRefusal.NotYetValid => "token_not_yet_valid",
        TokenRefusal.Audience => "token_audience",
        TokenRefusal.Issuer => "token_issuer",
        TokenRefusal.Revoked => "token_revoked",
        TokenRefusal.RevocationUnknown => "unavailable",
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, null),
    };
}
