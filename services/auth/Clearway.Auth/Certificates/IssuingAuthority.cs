using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Clearway.Auth.Certificates;

/// <summary>One issuing authority. Without a key it is retired: what it issued is still verified, and it issues nothing more.</summary>
internal sealed class IssuingAuthority(X509Certificate2 certificate, ECDsa? key) : IDisposable
{
    // An ECDsa instance is not promised to be safe for concurrent use.
    private readonly Lock _gate = new();

    public X509Certificate2 Certificate => certificate;

    public DateTimeOffset NotBefore { get; } = certificate.NotBefore;

    public DateTimeOffset NotAfter { get; } = certificate.NotAfter;

    public bool HasKey => key is not null;

    /// <summary>Signs a certificate; its end is put before the authority's own.</summary>
    /// <exception cref="InvalidOperationException">The authority is retired.</exception>
    public X509Certificate2 Sign(CertificateRequest request, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        if (key is null)
        {
            throw new InvalidOperationException("A retired authority signs nothing.");
        }

        lock (_gate)
        {
            return request.Create(
                certificate.SubjectName,
                X509SignatureGenerator.CreateForECDsa(key),
                notBefore,
                notAfter < NotAfter ? notAfter : NotAfter,
                AuthorityProfile.NewSerialNumber());
        }
    }

    public void Dispose()
    {
        certificate.Dispose();
        key?.Dispose();
    }
}
