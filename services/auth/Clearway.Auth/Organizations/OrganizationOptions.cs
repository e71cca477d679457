using Microsoft.Extensions.Options;

namespace Clearway.Auth.Organizations;

/// <summary>How it is looked up whether an organization's authority revoked a certificate (RFC 5280 section 6.3).</summary>
internal enum RevocationPolicy
{
    /// <summary>Nobody said: the service does not start.</summary>
    Unstated,

    /// <summary>Not at all: for authorities whose certificates are too short-lived for lists.</summary>
    None,

    /// <summary>By the lists that the certificates name. While they cannot be had the certificate is refused.</summary>
    Online,
}

/// <summary>Which part of a certificate says who somebody is. Two certificates with the same are the same account.</summary>
internal enum IdentityField
{
    /// <summary>The one e-mail address among the subject's alternative names (rfc822Name), in lower case.</summary>
    Email,

    /// <summary>The subject as a whole.</summary>
    Subject,
}

/// <summary>An organization whose people sign in by client certificates of their own authority: section <c>Auth:Organizations</c>.</summary>
internal sealed class OrganizationOptions
{
    /// <summary>File of PEM with the roots that are trusted, and the intermediate authorities: browsers' are not asked for.</summary>
    public string AuthoritiesFile { get; set; } = "";

    /// <summary>Has to be stated.</summary>
    public RevocationPolicy Revocation { get; set; }

    /// <summary>Who somebody is.</summary>
    public IdentityField Identity { get; set; } = IdentityField.Email;

    /// <summary>Of which tenant somebody is: the first that fits. Who fits none is refused.</summary>
    public IList<TenantRule> Tenants { get; } = [];
}

/// <summary>Those of whom all that is given is true are of the tenant.</summary>
internal sealed class TenantRule
{
    /// <summary>The tenant.</summary>
    public string Tenant { get; set; } = "";

    /// <summary>The subject's organization (O), to the letter.</summary>
    public string? Organization { get; set; }

    /// <summary>The subject's organizational unit (OU), to the letter.</summary>
    public string? Unit { get; set; }

    /// <summary>What follows the @ of the e-mail address, in any case.</summary>
    public string? EmailDomain { get; set; }
}

/// <summary>All organizations.</summary>
internal sealed class OrganizationsOptions
{
    public IList<OrganizationOptions> Organizations { get; } = [];
}

internal sealed class OrganizationsOptionsValidator : IValidateOptions<OrganizationsOptions>
{
    public ValidateOptionsResult Validate(string? name, OrganizationsOptions options)
    {
        foreach (var (i, organization) in options.Organizations.Index())
        {
            var where = $"Auth__Organizations__{i}";
            if (organization.Revocation is RevocationPolicy.Unstated)
            {
                return ValidateOptionsResult.Fail($"{where}__Revocation is neither Online nor None");
            }

            if (organization.Tenants.Count == 0 || organization.Tenants.Any(rule => !TenantId.TryParse(rule.Tenant, out _)))
            {
                return ValidateOptionsResult.Fail($"{where}__Tenants has none, or a Tenant that is not 1 to 64 characters of a-z, 0-9 and the dash");
            }
        }

        return ValidateOptionsResult.Success;
    }
}
