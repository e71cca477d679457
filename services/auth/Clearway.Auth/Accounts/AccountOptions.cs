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
}

/// <summary>The password's strength is <c>RequireSecret</c>'s to check.</summary>
internal sealed class AccountOptionsValidator : IValidateOptions<AccountOptions>
{
    public ValidateOptionsResult Validate(string? name, AccountOptions options) => TenantId.TryParse(options.Tenant, out _)
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail("Auth__Tenant is not 1 to 64 characters of a-z, 0-9 and the dash");
}
