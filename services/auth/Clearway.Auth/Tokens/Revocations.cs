using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Clearway.Auth.Tokens;

/// <summary>
/// Tokens and sessions that are refused before they expire: Redis keys <c>revoked:{jti}</c> and <c>revoked:{sid}</c>, which live as
/// long as a token they concern could.
/// </summary>
internal sealed class Revocations(IConnectionMultiplexer redis, IOptions<RevocationOptions> options, ILogger<Revocations> log)
{
    /// <summary>Whether any of the ids is revoked; null when Redis does not answer in time.</summary>
    public async Task<bool?> IsAnyRevokedAsync(IEnumerable<string> ids, CancellationToken cancellation)
    {
        var keys = ids.Select(Key).ToArray();
        return await AskAsync(database => database.StringGetAsync(keys), cancellation) is { } values
            ? values.Any(value => !value.IsNull)
            : null;
    }

    /// <summary>
    /// Revokes a token or a session for <paramref name="lifetime"/>, after which the last token concerned must have expired. False
    /// when Redis did not take it in time: the id then counts as not revoked.
    /// </summary>
    public async Task<bool> RevokeAsync(string id, TimeSpan lifetime, CancellationToken cancellation) =>
        await AskAsync(async database => (object)await database.StringSetAsync(Key(id), 1, lifetime, When.Always, CommandFlags.None), cancellation) is true;

    private static RedisKey Key(string id) => "revoked:" + id;

    private async Task<T?> AskAsync<T>(Func<IDatabase, Task<T>> question, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await question(redis.GetDatabase()).WaitAsync(options.Value.RevocationTimeout, cancellation);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            log.RevocationsUnreachable(failure.GetType().Name);
            return null;
        }
    }
}
