using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Clearway.Auth.Certificates;

/// <summary>What the certificates of a root and of an issuing authority look like (RFC 5280 section 4.2), and the making of both.</summary>
internal static class AuthorityProfile
{
    public static readonly TimeSpan RootLifetime = TimeSpan.FromDays(3650);

    public static readonly TimeSpan IssuingLifetime = TimeSpan.FromDays(365);

    /// <summary>An ECDSA key of the one curve that is used here.</summary>
    public static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>A certificate that the key signs for itself.</summary>
    public static X509Certificate2 CreateRoot(ECDsa key, DateTimeOffset now)
    {
        var name = new X500DistinguishedName($"CN=Clearway root {Stamp(now)}");
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 1, critical: true));
        AddKeyUse(request);
        using var certificate = request.CreateSelfSigned(now, now + RootLifetime);
        return X509CertificateLoader.LoadCertificate(certificate.RawData);
    }

    /// <summary>A certificate of an authority that issues to participants only, and makes no further authorities.</summary>
    public static X509Certificate2 CreateIssuing(ECDsa key, X509Certificate2 root, ECDsa rootKey, DateTimeOffset now)
    {
        var request = new CertificateRequest(new X500DistinguishedName($"CN=Clearway issuing {Stamp(now)}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        AddKeyUse(request);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var end = now + IssuingLifetime;
        return request.Create(
            root.SubjectName,
            X509SignatureGenerator.CreateForECDsa(rootKey),
            now,
            end < root.NotAfter ? end : root.NotAfter,
            NewSerialNumber());
    }

    /// <summary>127 bits of chance, positive and not zero (RFC 5280 section 4.1.2.2).</summary>
    public static byte[] NewSerialNumber()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return serial;
    }

    private static void AddKeyUse(CertificateRequest request)
    {
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
    }

    private static string Stamp(DateTimeOffset now) => now.ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
