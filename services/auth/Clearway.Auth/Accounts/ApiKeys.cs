using System.Diagnostics.CodeAnalysis;
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

    /// <summary>What the backend may do, of <see cref="Grant.All"/>; none: <see cref="Grant.Usual"/>.</summary>
    public IList<string> Grants { get; } = [];
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
            : options.ApiKeys.SelectMany(key => key.Grants).FirstOrDefault(grant => !Grant.All.Contains(grant)) is { } unknown
            ? ValidateOptionsResult.Fail($"Auth__ApiKeys has the grant '{unknown}', which is none of {string.Join(", ", Grant.All)}")
            : options.ApiKeys.Select(key => key.Id).Distinct(StringComparer.Ordinal).Count() < options.ApiKeys.Count
                ? ValidateOptionsResult.Fail("Auth__ApiKeys has an Id twice")
                : ValidateOptionsResult.Success;
}

/// <summary>A backend that showed its key.</summary>
/// <param name="Id">Of the key.</param>
/// <param name="Account">Such a backend is an account of its tenant.</param>
/// <param name="Grants">What it may do.</param>
internal sealed record Backend(string Id, AccountClaims Account, IReadOnlySet<string> Grants);

/// <summary>Recognizes backends by HTTP Basic (RFC 7617).</summary>
internal sealed class ApiKeys(IOptions<ApiKeysOptions> options)
{
    private const int MaxCredentialCharacters = 1024;

    private readonly List<(byte[] Credential, Backend Backend)> _keys =
        [.. options.Value.ApiKeys.Select(key => (Hash($"{key.Id}:{key.Secret}"), BackendOf(key)))];

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

    /// <summary>Compares with every key, in a time that tells nothing of any.</summary>
    public bool TryFind(string credential, [NotNullWhen(true)] out Backend? backend)
    {
        backend = null;
        if (!TryHash(credential, out var hash))
        {
            return false;
        }

        foreach (var key in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(key.Credential, hash))
            {
                backend = key.Backend;
            }
        }

        return backend is not null;
    }

    private static bool TryHash(string credential, out byte[] hash)
    {
        hash = [];
        var bytes = new byte[MaxCredentialCharacters];
        if (credential.Length > MaxCredentialCharacters || !Convert.TryFromBase64String(credential, bytes, out var length))
        {
            return false;
        }

        hash = SHA256.HashData(bytes.AsSpan(0, length));
        return true;
    }

    private static Backend BackendOf(ApiKeyOptions key)
    {
        var (tenant, name) = (new TenantId(key.Tenant), new DisplayName(key.Id));

        // No person can have this account: names are compared with the control character that no name may hold.
        var account = new AccountClaims(AccountId.Of(tenant, new DisplayName("api-key\u0001" + key.Id)), tenant, name);
        return new Backend(key.Id, account, (key.Grants.Count > 0 ? [.. key.Grants] : Grant.Usual).ToHashSet(StringComparer.Ordinal));
    }

    private static byte[] Hash(string credential) => SHA256.HashData(Encoding.UTF8.GetBytes(credential));
}
