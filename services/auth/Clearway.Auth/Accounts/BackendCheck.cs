using System.Net;

namespace Clearway.Auth.Accounts;

/// <summary>Checks API keys. Wrong ones count with the wrong passwords of their address.</summary>
internal sealed class BackendCheck(ApiKeys apiKeys, SignInThrottle throttle, AuthMetrics metrics, ILogger<BackendCheck> log)
{
    /// <summary>Answers the backend, or why its key is refused.</summary>
    /// <param name="credential">Base64 of id and secret.</param>
    /// <param name="address">Who shows it; null where that was counted already.</param>
    public (Backend? Backend, Refusal? Refusal) Run(string credential, IPAddress? address)
    {
        if (address is not null && throttle.TryEnter(address) is { } retryAfter)
        {
            metrics.SignIn("throttled");
            return (null, Refusal.TooManyRequests(retryAfter));
        }

        if (!apiKeys.TryFind(credential, out var backend))
        {
            log.ApiKeyRefused();
            metrics.SignIn("refused");
            return (null, Refusal.ApiKeyRefused);
        }

        if (address is not null)
        {
            throttle.Forgive(address);
        }

        return (backend, null);
    }
}
