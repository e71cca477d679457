using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Clearway.Auth.Tokens;

namespace Clearway.Auth.Organizations;

/// <summary>Why a client certificate is refused.</summary>
internal enum CertificateRefusal
{
    /// <summary>No path to a root that is trusted, or one that is not valid now, not permitted, revoked, or not for signing in.</summary>
    Untrusted,

    /// <summary>Whether it was revoked cannot be told now.</summary>
    RevocationUnknown,

    /// <summary>Nobody said of which tenant its holder is, or it does not tell who that is.</summary>
    Unmapped,
}

/// <summary>Judges client certificates by the authorities of one organization, and says whose they are.</summary>
internal sealed class Organization(OrganizationOptions options, X509Certificate2Collection authorities, TimeProvider time) : IDisposable
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const int LeastRsaBits = 2048;

    /// <summary>A list that does not come soon is one that cannot be had.</summary>
    private static readonly TimeSpan _revocationTimeout = TimeSpan.FromSeconds(3);

    // RSA and ECDSA with MD5 or SHA-1: collisions of both have been shown.
    private static readonly HashSet<string> _brokenSignatures =
        ["1.2.840.113549.1.1.4", "1.2.840.113549.1.1.5", "1.2.840.10045.4.1", "1.3.14.3.2.29"];

    /// <summary>The account of the holder, or why there is none.</summary>
    public (AccountClaims? Account, CertificateRefusal? Refusal) Judge(X509Certificate2 certificate)
    {
        if (!IsForSigningIn(certificate))
        {
            return (null, CertificateRefusal.Untrusted);
        }

        if (RefusePath(certificate) is { } refusal)
        {
            return (null, refusal);
        }

        return CertificateSubject.Of(certificate) is { } subject && AccountOf(subject) is { } account
            ? (account, null)
            : (null, CertificateRefusal.Unmapped);
    }

    public void Dispose()
    {
        foreach (var authority in authorities)
        {
            authority.Dispose();
        }
    }

    /// <summary>Path validation of RFC 5280 section 6: signatures, times, basic and name constraints, key usages, and revocation as configured.</summary>
    private CertificateRefusal? RefusePath(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(authorities.Where(IsSelfIssued).ToArray());
        policy.ExtraStore.AddRange(authorities.Where(authority => !IsSelfIssued(authority)).ToArray());
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        policy.RevocationMode = options.Revocation is RevocationPolicy.Online ? X509RevocationMode.Online : X509RevocationMode.NoCheck;
        policy.RevocationFlag = X509RevocationFlag.ExcludeRoot;
        policy.UrlRetrievalTimeout = _revocationTimeout;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = time.GetUtcNow().UtcDateTime;
        var isValid = chain.Build(certificate);
        try
        {
            if (isValid && chain.ChainElements.SkipLast(1).All(element => IsStrong(element.Certificate)))
            {
                return null;
            }

            // Refused in any case; where nothing else is wrong, asking again may help.
            const X509ChainStatusFlags unknown = X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation;
            var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
            return !isValid && (status & ~unknown) == X509ChainStatusFlags.NoError
                ? CertificateRefusal.RevocationUnknown
                : CertificateRefusal.Untrusted;
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }
    }

    // Stricter than a path has to be: a certificate that names no use is for every use, and one for a server is not for its people.
    private static bool IsForSigningIn(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Any(usage =>
            usage.EnhancedKeyUsages.Cast<Oid>().Any(use => use.Value == ClientAuthentication))
        && certificate.Extensions.OfType<X509KeyUsageExtension>().All(usage => usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature))
        && !certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);

    private static bool IsStrong(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        using var ecdsa = certificate.GetECDsaPublicKey();
        return !_brokenSignatures.Contains(certificate.SignatureAlgorithm.Value ?? "")
            && (rsa?.KeySize >= LeastRsaBits || ecdsa is not null);
    }

    private static bool IsSelfIssued(X509Certificate2 authority) =>
        authority.SubjectName.RawData.AsSpan().SequenceEqual(authority.IssuerName.RawData);

    private AccountClaims? AccountOf(CertificateSubject subject)
    {
        var identity = options.Identity is IdentityField.Email ? subject.Email : subject.Whole;
        return identity is { Length: > 0 }
            && options.Tenants.FirstOrDefault(rule => Fits(rule, subject)) is { } rule
            && DisplayName.TryParse(subject.CommonName, out var name)
                ? new AccountClaims(AccountId.OfCertificate(new TenantId(rule.Tenant), identity), new TenantId(rule.Tenant), name)
                : null;
    }

    private static bool Fits(TenantRule rule, CertificateSubject subject) =>
        (rule.Organization is null || rule.Organization == subject.Organization)
        && (rule.Unit is null || rule.Unit == subject.Unit)
        && (rule.EmailDomain is null
            || (subject.Email is { } email && email[(email.IndexOf('@', StringComparison.Ordinal) + 1)..].Equals(rule.EmailDomain, StringComparison.OrdinalIgnoreCase)));
}
