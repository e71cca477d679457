using Microsoft.Extensions.Options;

namespace Clearway.Auth.Accounts;

/// <summary>Who may sign in as organizer, section <c>Auth</c>.</summary>
internal sealed class AccountOptions
{
    public const int LeastPasswordLength = 12;

    /// <summary>Tenant of this installation's organizers.</summary>
    public string Tenant { get; set; } = "default";

    /// <summary>Shared by the organizers of the tenant.</summary>
    public string OrganizerPassword { get; set; } = "";

    /// <summary>
    /// Addresses in X-Forwarded-For that are known to be true, counted from the right: one for the proxy, which replaces what browsers
    /// send, and one for each ingress between it and this service.
    /// </summary>
    public int ForwardedHops { get; set; } = 1;
}

/// <summary>The password's strength is <c>RequireSecret</c>'s to check.</summary>
internal sealed class AccountOptionsValidator : IValidateOptions<AccountOptions>
{
    public ValidateOptionsResult Validate(string? name, AccountOptions options) =>
        !TenantId.TryParse(options.Tenant, out _) ? ValidateOptionsResult.Fail("Auth__Tenant is not 1 to 64 characters of a-z, 0-9 and the dash")
        : options.ForwardedHops is < 1 or > 10 ? ValidateOptionsResult.Fail("Auth__ForwardedHops is not 1 to 10")
        : ValidateOptionsResult.Success;
}
