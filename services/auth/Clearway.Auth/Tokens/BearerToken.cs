namespace Clearway.Auth.Tokens;

/// <summary>The token that a request carries in its header Authorization (RFC 6750 section 2.1).</summary>
internal sealed class BearerToken(TokenCheck tokens)
{
    private const string Scheme = "Bearer ";

    /// <summary>
    /// Answers the verified token, or why the request is refused. No grace while revocations are unknown: whoever was removed could
    /// otherwise prolong a young token again and again.
    /// </summary>
    public async Task<(VerifiedToken<TClaims>? Token, Refusal? Refusal)> ReadAsync<TClaims>(HttpRequest request)
        where TClaims : class, ITokenClaims<TClaims>
    {
        var credential = request.Headers.Authorization.ToString();
        if (!credential.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return (null, Refusal.TokenMissing);
        }

        var verdict = await tokens.RunAsync<TClaims>(credential[Scheme.Length..], TimeSpan.Zero, request.HttpContext.RequestAborted);
        return verdict.Token is { } token ? (token, null) : (null, Refusal.Of(verdict.Refusal!.Value));
    }
}
