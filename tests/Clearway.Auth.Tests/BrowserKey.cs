using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Clearway.Auth.Tokens;

namespace Clearway.Auth.Tests;

/// <summary>A key pair as a browser makes it, with what it sends of it.</summary>
internal sealed class BrowserKey : IDisposable
{
    public ECDsa Ecdsa { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public ECPoint Point => Ecdsa.ExportParameters(includePrivateParameters: false).Q;

    public object Jwk => new { kty = "EC", crv = "P-256", x = StrictBase64Url.Encode(Point.X), y = StrictBase64Url.Encode(Point.Y) };

    public KeyThumbprint Thumbprint => KeyThumbprint.Of(Point);

    /// <summary>A request of PKCS#10 as docs/rest-api.md asks for.</summary>
    public byte[] SigningRequest => new CertificateRequest(new X500DistinguishedName(""), Ecdsa, HashAlgorithmName.SHA256).CreateSigningRequest();

    public void Dispose() => Ecdsa.Dispose();
}
