using System.Net;
using Clearway.Auth.Tokens;

namespace Clearway.Auth.Accounts;

/// <summary>Who makes rooms and invitations: an organizer by the account's cookie, or a backend by its API key.</summary>
internal sealed class Caller(AccountCookie cookie, ApiKeys apiKeys, SignInThrottle throttle, AuthMetrics metrics, ILogger<Caller> log)
{
    /// <summary>Answers the account, or why the request is refused.</summary>
    public async Task<(AccountClaims? Account, Refusal? Refusal)> ReadAsync(HttpRequest request)
    {
        if (ApiKeys.IsAskedBy(request))
        {
            return ReadApiKey(request);
        }

        var (token, refusal) = await cookie.ReadAsync(request);
        return (token?.Claims, refusal);
    }

    /// <summary>A backend only. Wrong keys count with the wrong passwords of their address.</summary>
    public (AccountClaims? Account, Refusal? Refusal) ReadApiKey(HttpRequest request)
    {
        var address = request.HttpContext.Connection.RemoteIpAddress ?? IPAddress.None;
        if (throttle.TryEnter(address) is { } retryAfter)
        {
            metrics.SignIn("throttled");
            return (null, Refusal.TooManyRequests(retryAfter));
        }

        if (!apiKeys.TryFind(request, out var account))
        {
            log.ApiKeyRefused();
            metrics.SignIn("refused");
            return (null, Refusal.ApiKeyRefused);
        }

        throttle.Forgive(address);
        return (account, null);
    }
}
