using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Clearway.Auth.Tokens;
using Clearway.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace Clearway.Auth.Accounts;

/// <summary>A backend's key: section <c>Auth:ApiKeys</c>.</summary>
internal sealed class ApiKeyOptions
{
    /// <summary>User name of HTTP Basic: 1 to 64 characters of <c>[a-z0-9-]</c>. Two keys of one backend, while one replaces the other, differ in it.</summary>
    public string Id { get; set; } = "";

    /// <summary>Password of HTTP Basic, at least 32 characters.</summary>
    public string Secret { get; set; } = "";

    /// <summary>Tenant that the backend speaks for.</summary>
    public string Tenant { get; set; } = "";
}

/// <summary>All keys; the secrets' strength is <c>RequireSecret</c>'s to check.</summary>
internal sealed class ApiKeysOptions
{
    public const int LeastSecretLength = 32;

    public IList<ApiKeyOptions> ApiKeys { get; } = [];
}

internal sealed class ApiKeysOptionsValidator : IValidateOptions<ApiKeysOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiKeysOptions options) =>
        options.ApiKeys.Any(key => !TenantId.TryParse(key.Id, out _) || !TenantId.TryParse(key.Tenant, out _))
            ? ValidateOptionsResult.Fail("Auth__ApiKeys has an Id or a Tenant that is not 1 to 64 characters of a-z, 0-9 and the dash")
            : options.ApiKeys.Select(key => key.Id).Distinct(StringComparer.Ordinal).Count() < options.ApiKeys.Count
                ? ValidateOptionsResult.Fail("Auth__ApiKeys has an Id twice")
                : ValidateOptionsResult.Success;
}

/// <summary>Recognizes backends by HTTP Basic (RFC 7617). Such a backend is an account of its tenant.</summary>
internal sealed class ApiKeys(IOptions<ApiKeysOptions> options)
{
    private const int MaxCredentialCharacters = 1024;

    private readonly List<(byte[] Credential, AccountClaims Account)> _keys =
        [.. options.Value.ApiKeys.Select(key => (Hash($"{key.Id}:{key.Secret}"), AccountOf(key)))];

    public static void Require(IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ApiKeysOptions>().BindConfiguration("Auth").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ApiKeysOptions>, ApiKeysOptionsValidator>();
        builder.Services.AddSingleton<ApiKeys>();
        foreach (var key in builder.Configuration.GetSection("Auth:ApiKeys").GetChildren())
        {
            builder.RequireSecret($"{key.Path}:Secret", ApiKeysOptions.LeastSecretLength);
        }
    }

    /// <summary>Whether the request claims to be a backend's.</summary>
    public static bool IsAskedBy(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith("Basic ", StringComparison.OrdinalIgnoreCase);

    /// <summary>Compares with every key, in a time that tells nothing of any.</summary>
    public bool TryFind(HttpRequest request, [NotNullWhen(true)] out AccountClaims? account)
    {
        account = null;
        if (!TryReadCredential(request, out var credential))
        {
            return false;
        }

        foreach (var key in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(key.Credential, credential))
            {
                account = key.Account;
            }
        }

        return account is not null;
    }

    private static bool TryReadCredential(HttpRequest request, out byte[] hash)
    {
        hash = [];
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
            || header.Parameter is not { Length: <= MaxCredentialCharacters } parameter)
        {
            return false;
        }

        var bytes = new byte[MaxCredentialCharacters];
        if (!Convert.TryFromBase64String(parameter, bytes, out var length))
        {
            return false;
        }

        hash = SHA256.HashData(bytes.AsSpan(0, length));
        return true;
    }

    private static AccountClaims AccountOf(ApiKeyOptions key)
    {
        var (tenant, name) = (new TenantId(key.Tenant), new DisplayName(key.Id));
        // No person can have this account: names are compared with the control character that no name may hold.
        return new AccountClaims(AccountId.Of(tenant, new DisplayName("api-key\u0001" + key.Id)), tenant, name);
    }

    private static byte[] Hash(string credential) => SHA256.HashData(Encoding.UTF8.GetBytes(credential));
}
