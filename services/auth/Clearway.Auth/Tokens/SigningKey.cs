using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Clearway.Auth.Tokens;

/// <summary>A P-256 key pair that signs and verifies with ES256 (RFC 7518 section 3.4), safe for use by many threads.</summary>
internal sealed class SigningKey : IDisposable
{
    /// <summary>r and s of 32 bytes each.</summary>
    public const int SignatureBytes = 64;

    private const DSASignatureFormat Format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation;
    private const string P256 = "1.2.840.10045.3.1.7";

    private readonly ECParameters _parameters;

    // An ECDsa instance is not promised to be safe for concurrent use: each thread borrows one.
    private readonly ConcurrentBag<ECDsa> _idle = [];

    private SigningKey(ECParameters parameters)
    {
        _parameters = parameters;
        (X, Y) = (StrictBase64Url.Encode(parameters.Q.X), StrictBase64Url.Encode(parameters.Q.Y));
        KeyId = KeyThumbprint.Of(parameters.Q).Value;
    }

    /// <summary><c>kid</c>: the thumbprint of the public key (RFC 7638).</summary>
    public string KeyId { get; }

    /// <summary>Public coordinates in base64url (RFC 7518 section 6.2.1).</summary>
    public string X { get; }

    public string Y { get; }

    /// <summary>Reads a PKCS#8 private key.</summary>
    /// <exception cref="CryptographicException">Not a private key, or not on the curve P-256.</exception>
    public static SigningKey FromPkcs8(ReadOnlySpan<byte> pkcs8)
    {
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(pkcs8, out _);
        var parameters = ecdsa.ExportParameters(includePrivateParameters: true);
        return parameters.Curve.Oid.Value == P256
            ? new SigningKey(parameters)
            : throw new CryptographicException("The key is not on the curve P-256.");
    }

    /// <summary>A new key as PKCS#8 PEM.</summary>
    public static string NewPem()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return ecdsa.ExportPkcs8PrivateKeyPem() + "\n";
    }

    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        var ecdsa = Borrow();
        var signature = ecdsa.SignData(data, HashAlgorithmName.SHA256, Format);
        _idle.Add(ecdsa);
        return signature;
    }

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var ecdsa = Borrow();
        var verified = signature.Length == SignatureBytes && ecdsa.VerifyData(data, signature, HashAlgorithmName.SHA256, Format);
        _idle.Add(ecdsa);
        return verified;
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var ecdsa))
        {
            ecdsa.Dispose();
        }
    }

    private ECDsa Borrow() => _idle.TryTake(out var ecdsa) ? ecdsa : ECDsa.Create(_parameters);
}
