using Clearway.Auth.Tokens;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Clearway.Auth.Invitations;

/// <summary>
/// Counts how often an invitation of limited uses was redeemed: Redis key <c>uses:{jti}</c>, which lives as long as the invitation could.
/// </summary>
internal sealed class InvitationUses(IConnectionMultiplexer redis, IOptions<RevocationOptions> options, TimeProvider time, ILogger<InvitationUses> log)
{
    // One step, so that a count can not be left behind without its end.
    private const string Count = """
        local uses = redis.call('INCR', KEYS[1])
        if uses == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
        return uses
        """;

    /// <summary>Takes one use. False when none is left; null when Redis does not tell in time, which must be taken for a refusal.</summary>
    public async Task<bool?> TryTakeAsync(VerifiedToken<InvitationClaims> invitation, int maxUses, CancellationToken cancellation)
    {
        var rest = invitation.ExpiresAt - time.GetUtcNow() + TokenVerifier.ClockSkew;
        try
        {
            var uses = await redis.GetDatabase()
                .ScriptEvaluateAsync(Count, [(RedisKey)("uses:" + invitation.Id.Value)], [(long)rest.TotalMilliseconds])
                .WaitAsync(options.Value.RevocationTimeout, cancellation);
            return (long)uses <= maxUses;
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            log.RevocationsUnreachable(failure.GetType().Name);
            return null;
        }
    }
}
