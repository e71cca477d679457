using Microsoft.AspNetCore.Http;

namespace Clearway.ServiceDefaults;

/// <summary>How a backend shows its API key: HTTP Basic (RFC 7617). Auth judges the key; the others carry it there.</summary>
public static class ApiKeyCredential
{
    private const string Scheme = "Basic ";

    /// <summary>Whether the request claims to be a backend's.</summary>
    /// <param name="request">The request.</param>
    /// <returns>True also where the key is wrong.</returns>
    public static bool IsShownBy(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Headers.Authorization.ToString().StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What a request shows.</summary>
    /// <param name="request">The request.</param>
    /// <returns>Base64 of <c>id:secret</c>, not checked in any way; empty where none is shown.</returns>
    public static string Of(HttpRequest request) => IsShownBy(request) ? request.Headers.Authorization.ToString()[Scheme.Length..].Trim() : "";
}
