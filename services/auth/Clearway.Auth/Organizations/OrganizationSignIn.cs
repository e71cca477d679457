using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Clearway.Auth.Tokens;
using Clearway.Auth.V1;
using Microsoft.Extensions.Options;

namespace Clearway.Auth.Organizations;

/// <summary>
/// Signs people in by client certificates of their organizations. The edge has seen the proof that they hold the key (TLS); whether the
/// certificate is good for anything is judged here.
/// </summary>
internal sealed class OrganizationSignIn(Organizations organizations, TokenIssuer issuer, AuthMetrics metrics, ILogger<OrganizationSignIn> log)
{
    private const int MaxCertificateBytes = 16 * 1024;

    /// <summary>The account's token, or why there is none.</summary>
    public SignInByCertificateResponse Run(byte[] der)
    {
        var (account, refusal) = Judge(der);
        if (account is null)
        {
            log.CertificateRefused(refusal!.Value);
            metrics.SignIn("certificate_refused");
            return new SignInByCertificateResponse { Refusal = new V1.Refusal { Code = CodeOf(refusal.Value) } };
        }

        var issued = issuer.Issue(account);
        log.SignedInByCertificate(account.Account, account.Tenant);
        metrics.SignIn("signed_in");
        return new SignInByCertificateResponse
        {
            Account = new SignedInAccount
            {
                Token = issued.Token,
                LifetimeSeconds = (long)AccountClaims.Lifetime.TotalSeconds,
                Id = account.Account.Value,
                Name = account.Name.Value,
                Tenant = account.Tenant.Value,
            },
        };
    }

    private (AccountClaims? Account, CertificateRefusal? Refusal) Judge(byte[] der)
    {
        if (der.Length > MaxCertificateBytes)
        {
            return (null, CertificateRefusal.Untrusted);
        }

        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            var refusal = CertificateRefusal.Untrusted;
            foreach (var organization in organizations.All)
            {
                var (account, refused) = organization.Judge(certificate);
                if (account is not null)
                {
                    return (account, null);
                }

                // What is told is what comes nearest to being let in.
                refusal = refused > refusal ? refused.Value : refusal;
            }

            return (null, refusal);
        }
        catch (CryptographicException)
        {
            return (null, CertificateRefusal.Untrusted);
        }
    }

    private static string CodeOf(CertificateRefusal refusal) => refusal switch
    {
        CertificateRefusal.Untrusted => "certificate_refused",
        CertificateRefusal.Unmapped => "certificate_unmapped",
        CertificateRefusal.RevocationUnknown => "unavailable",
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, null),
    };
}

/// <summary>All organizations whose certificates are taken; none unless configured.</summary>
internal sealed class Organizations(IReadOnlyList<Organization> all) : IDisposable
{
    public IReadOnlyList<Organization> All => all;

    /// <exception cref="ConfigurationRefusedException">A file of authorities cannot be used.</exception>
    public static Organizations Load(OrganizationsOptions options, TimeProvider time) =>
        new([.. options.Organizations.Select((organization, i) => Load(organization, $"Auth__Organizations__{i}__AuthoritiesFile", time))]);

    public void Dispose()
    {
        foreach (var organization in all)
        {
            organization.Dispose();
        }
    }

    private static Organization Load(OrganizationOptions options, string origin, TimeProvider time)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(options.AuthoritiesFile);
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigurationRefusedException($"{origin} cannot be read: {failure.Message.ReplaceLineEndings(" ")}", failure);
        }

        var isRooted = authorities.Any(one => one.SubjectName.RawData.AsSpan().SequenceEqual(one.IssuerName.RawData));
        var areAuthorities = authorities.All(one =>
            one.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority));
        return isRooted && areAuthorities
            ? new Organization(options, authorities, time)
            : throw new ConfigurationRefusedException($"{origin} has no root, or a certificate that is not an authority's");
    }
}

internal static class OrganizationRegistration
{
    public static void AddOrganizations(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<OrganizationsOptions>().BindConfiguration("Auth").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<OrganizationsOptions>, OrganizationsOptionsValidator>();
        builder.Services.AddSingleton(services => Organizations.Load(
            services.GetRequiredService<IOptions<OrganizationsOptions>>().Value, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<OrganizationSignIn>();
    }

    /// <exception cref="ConfigurationRefusedException">The authorities cannot be loaded.</exception>
    public static void LoadOrganizations(this WebApplication app) => app.Services.GetRequiredService<Organizations>();
}
