using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Clearway.Auth.Certificates;

/// <summary>The blocks of a certificate authority's PEM, and what they amount to.</summary>
internal sealed record AuthorityPem(IReadOnlyList<X509Certificate2> Certificates, IReadOnlyList<ECDsa> Keys)
{
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <param name="pem">Blocks CERTIFICATE and PRIVATE KEY (PKCS#8), in any order.</param>
    /// <param name="origin">Where it comes from, for the person who has to change it.</param>
    /// <exception cref="ConfigurationRefusedException">A block is another one, or cannot be read.</exception>
    public static AuthorityPem Parse(string pem, string origin)
    {
        var (certificates, keys) = (new List<X509Certificate2>(), new List<ECDsa>());
        try
        {
            for (var rest = pem.AsSpan(); PemEncoding.TryFind(rest, out var block); rest = rest[block.Location.End..])
            {
                var der = Convert.FromBase64String(rest[block.Base64Data].ToString());
                switch (rest[block.Label])
                {
                    case "CERTIFICATE":
                        certificates.Add(X509CertificateLoader.LoadCertificate(der));
                        break;
                    case "PRIVATE KEY":
                        var key = ECDsa.Create();
                        keys.Add(key);
                        key.ImportPkcs8PrivateKey(der, out _);
                        break;
                    default:
                        throw new ConfigurationRefusedException($"{origin} holds a PEM block that is neither CERTIFICATE nor PRIVATE KEY");
                }
            }
        }
        catch (Exception failure) when (failure is CryptographicException or PlatformNotSupportedException)
        {
            throw new ConfigurationRefusedException($"{origin} cannot be read: {failure.Message.ReplaceLineEndings(" ")}", failure);
        }

        return certificates.Count > 0 ? new AuthorityPem(certificates, keys) : throw new ConfigurationRefusedException($"{origin} holds no certificate");
    }

    /// <summary>Tells roots from issuing authorities, and gives each its key.</summary>
    /// <exception cref="ConfigurationRefusedException">A certificate is not an authority's, not on P-256, or not issued by a root among them.</exception>
    public CertificateAuthority Build(string origin, TimeProvider time)
    {
        try
        {
            return Assemble(origin, time);
        }
        catch (Exception failure) when (failure is CryptographicException or PlatformNotSupportedException)
        {
            throw new ConfigurationRefusedException($"{origin} cannot be used: {failure.Message.ReplaceLineEndings(" ")}", failure);
        }
    }

    private CertificateAuthority Assemble(string origin, TimeProvider time)
    {
        var roots = Certificates.Where(certificate => certificate.SubjectName.RawData.SequenceEqual(certificate.IssuerName.RawData)).ToList();
        var issuing = Certificates.Except(roots).OrderByDescending(certificate => certificate.NotBefore).ToList();
        if (roots.Count == 0)
        {
            throw new ConfigurationRefusedException($"{origin} has no certificate of a root");
        }

        foreach (var certificate in Certificates)
        {
            if (!IsAuthority(certificate) || !IsIssuedByOneOf(certificate, roots))
            {
                throw new ConfigurationRefusedException(
                    $"{origin} has '{certificate.Subject}', which is not an authority on P-256 whose issuer is a root beside it");
            }
        }

        return new CertificateAuthority(roots, [.. issuing.Select(certificate => new IssuingAuthority(certificate, KeyOf(certificate)))], time);
    }

    private ECDsa? KeyOf(X509Certificate2 certificate) => Keys.FirstOrDefault(key =>
        key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    private static bool IsAuthority(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPublicKey();
        return key is not null
            && key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == P256
            && certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority)
            && certificate.Extensions.OfType<X509KeyUsageExtension>().Any(use => use.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign));
    }

    /// <summary>By signature and names alone: times are looked at when the authority is used.</summary>
    private static bool IsIssuedByOneOf(X509Certificate2 certificate, IReadOnlyList<X509Certificate2> roots)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots.ToArray());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = certificate.NotBefore;
        return chain.Build(certificate);
    }
}
