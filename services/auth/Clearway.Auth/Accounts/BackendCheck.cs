using System.Net;

namespace Clearway.Auth.Accounts;

/// <summary>
/// Checks API keys. A right one is answered whatever was tried before: its 32 characters and more are not guessed, and a throttle before
/// them would let anybody without a key lock all backends out. Wrong ones are counted, apart from passwords, and told to slow down.
/// </summary>
internal sealed class BackendCheck(ApiKeys apiKeys, TimeProvider time, AuthMetrics metrics, ILogger<BackendCheck> log)
{
    private readonly SignInThrottle _wrongKeys = new(time);

    /// <summary>Answers the backend, or why its key is refused.</summary>
    /// <param name="credential">Base64 of id and secret.</param>
    /// <param name="address">Who shows it; null where that was counted already.</param>
    public (Backend? Backend, Refusal? Refusal) Run(string credential, IPAddress? address)
    {
        if (apiKeys.TryFind(credential, out var backend))
        {
            return (backend, null);
        }

        if (address is not null && _wrongKeys.TryEnter(address) is { } retryAfter)
        {
            metrics.SignIn("throttled");
            return (null, Refusal.TooManyRequests(retryAfter));
        }

        log.ApiKeyRefused();
        metrics.SignIn("refused");
        return (null, Refusal.ApiKeyRefused);
    }
}
