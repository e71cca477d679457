using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Clearway.Auth.Tokens;

namespace Clearway.Auth.Certificates;

/// <summary>
/// The roots and issuing authorities of this installation. The newest issuing authority that is valid now signs; the others stay in the
/// published list until they end, so that a newer one is added before the older one is taken away. There is no revocation list:
/// a participant's certificate lives for minutes, and no new one is issued for a revoked session.
/// </summary>
/// <param name="roots">At least one.</param>
/// <param name="issuing">Newest first.</param>
/// <param name="time">The clock.</param>
internal sealed class CertificateAuthority(
    IReadOnlyList<X509Certificate2> roots, IReadOnlyList<IssuingAuthority> issuing, TimeProvider time) : IDisposable
{
    /// <summary>
    /// Extended key usage of certificates that sign the fingerprints of media connections, and of nothing else: an arc of ITU-T X.667
    /// (a UUID), which needs no registration. No other software takes such a certificate for a server's or a client's.
    /// </summary>
    public const string FingerprintSigning = "2.25.211540218497519427168842360325177286477";

    // X.520 section 6.5.3
    private const string RoleAttribute = "2.5.4.72";

    public IReadOnlyList<X509Certificate2> Roots => roots;

    public IReadOnlyList<IssuingAuthority> Issuing => issuing;

    /// <summary>The authority that signs now; null when none is valid.</summary>
    public IssuingAuthority? Signing
    {
        get
        {
            var now = time.GetUtcNow();
            return issuing.FirstOrDefault(authority => authority.HasKey && authority.NotBefore <= now && now < authority.NotAfter);
        }
    }

    /// <summary>Roots and issuing authorities that have not ended, in PEM.</summary>
    public string PublishedPem()
    {
        var now = time.GetUtcNow();
        var text = new StringBuilder();
        foreach (var certificate in roots.Concat(issuing.Select(authority => authority.Certificate)).Where(c => now < c.NotAfter))
        {
            text.Append(certificate.ExportCertificatePem()).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>
    /// A certificate for the holder of a room token, from now to <paramref name="notAfter"/>: CN is the name, O the tenant, the attribute role (X.520, 2.5.4.72) the role, and the URI
    /// <c>clearway:TENANT/ROOM/SESSION/PARTICIPANT</c> in the subject's alternative names says who it is. Null when no authority is valid.
    /// </summary>
    public IssuedCertificate? Issue(RoomClaims claims, PublicKey key, DateTimeOffset notAfter)
    {
        if (Signing is not { } authority)
        {
            return null;
        }

        var request = new CertificateRequest(SubjectOf(claims), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri($"clearway:{claims.Tenant}/{claims.Room}/{claims.Session}/{claims.Participant}"));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(FingerprintSigning)], critical: true));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            authority.Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using var certificate = authority.Sign(request, time.GetUtcNow() - TokenVerifier.ClockSkew, notAfter);
        return new IssuedCertificate([certificate.RawData, authority.Certificate.RawData], certificate.NotAfter);
    }

    public void Dispose()
    {
        foreach (var root in roots)
        {
            root.Dispose();
        }

        foreach (var authority in issuing)
        {
            authority.Dispose();
        }
    }

    private static X500DistinguishedName SubjectOf(RoomClaims claims)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName(claims.Tenant.Value);
        subject.AddCommonName(claims.Name.Value);
        subject.Add(RoleAttribute, Words.Of(claims.Role));
        return subject.Build();
    }
}

/// <summary>A participant's certificate and that of its issuer, in DER.</summary>
internal sealed record IssuedCertificate(IReadOnlyList<byte[]> Chain, DateTimeOffset ExpiresAt);
