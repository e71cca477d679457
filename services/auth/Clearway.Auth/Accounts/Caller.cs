using System.Net;
using Clearway.Auth.Tokens;
using Clearway.ServiceDefaults;

namespace Clearway.Auth.Accounts;

/// <summary>Who makes rooms and invitations: an organizer by the account's cookie, or a backend by its API key.</summary>
internal sealed class Caller(AccountCookie cookie, BackendCheck backends)
{
    /// <summary>Answers the account, or why the request is refused.</summary>
    /// <param name="request">The request.</param>
    /// <param name="grant">What a backend's key must be good for.</param>
    public async Task<(AccountClaims? Account, Refusal? Refusal)> ReadAsync(HttpRequest request, string grant)
    {
        if (ApiKeyCredential.IsShownBy(request))
        {
            return ReadApiKey(request, grant);
        }

        var (token, refusal) = await cookie.ReadAsync(request);
        return (token?.Claims, refusal);
    }

    /// <summary>A backend only.</summary>
    public (AccountClaims? Account, Refusal? Refusal) ReadApiKey(HttpRequest request, string grant)
    {
        var (backend, refusal) = backends.Run(ApiKeyCredential.Of(request), request.HttpContext.Connection.RemoteIpAddress ?? IPAddress.None);
        return backend is null ? (null, refusal)
            : backend.Grants.Contains(grant) ? (backend.Account, null)
            : (null, Refusal.GrantMissing(grant));
    }
}
