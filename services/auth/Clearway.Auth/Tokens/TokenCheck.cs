using System.Diagnostics;

namespace Clearway.Auth.Tokens;

/// <summary>Verifies a token and asks whether it was revoked.</summary>
internal sealed class TokenCheck(TokenVerifier verifier, Revocations revocations, AuthMetrics metrics, TimeProvider time)
{
    private static readonly ActivitySource _source = new("Clearway.Auth");

    /// <summary>
    /// Fails closed: while Redis does not answer, a revoked token cannot be told from a good one, and the answer is
    /// <see cref="TokenRefusal.RevocationUnknown"/>, except for tokens younger than <paramref name="acceptUncheckedFor"/>.
    /// </summary>
    /// <remarks>The span of the check is a child of <paramref name="trace"/>; where that is none, of what goes on here.</remarks>
    public async Task<TokenVerdict<TClaims>> RunAsync<TClaims>(
        string token, TimeSpan acceptUncheckedFor, CancellationToken cancellation, ActivityContext trace = default)
        where TClaims : class, ITokenClaims<TClaims>
    {
        using var activity = _source.StartActivity("check token", ActivityKind.Internal, trace);
        var verdict = verifier.Verify<TClaims>(token);
        if (verdict.Token is { } verified)
        {
            verdict = await revocations.IsAnyRevokedAsync([verified.Id.Value, .. verified.Claims.RevocableIds], cancellation) switch
            {
                false => verdict,
                true => TokenRefusal.Revoked,
                null when time.GetUtcNow() - verified.IssuedAt < acceptUncheckedFor => verdict,
                null => TokenRefusal.RevocationUnknown,
            };
        }

        activity?.SetTag("clearway.token.audience", Words.Of(TClaims.Audience));
        activity?.SetTag("clearway.token.outcome", verdict.Refusal?.Code() ?? "accepted");
        metrics.TokenChecked(TClaims.Audience, verdict.Refusal);
        return verdict;
    }
}
