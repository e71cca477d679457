using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Clearway.Auth.Tokens;

namespace Clearway.Auth.Certificates;

/// <summary>
/// A request of PKCS#10 (RFC 2986) as a proof of possession, and nothing else: an empty subject, no attributes, a P-256 key given by the
/// name of its curve, and a signature by ECDSA with SHA-256. Who it is for is in the token, so a request that names somebody is refused.
/// </summary>
internal static class CertificateSigningRequest
{
    /// <summary>Such a request takes about 180 bytes.</summary>
    public const int MaxBytes = 512;

    private const string EcPublicKey = "1.2.840.10045.2.1";
    private const string P256 = "1.2.840.10045.3.1.7";
    private const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";
    private const int PointBytes = 65;
    private const byte Uncompressed = 4;

    /// <summary>False for every request that is not of exactly this form, and for one whose signature is not by its key.</summary>
    public static bool TryRead(byte[] der, [NotNullWhen(true)] out PublicKey? key, out KeyThumbprint thumbprint)
    {
        (key, thumbprint) = (null, default);
        try
        {
            if (der.Length > MaxBytes || ReadPoint(der) is not { } point)
            {
                return false;
            }

            // Verifies the signature, and refuses a point that is not on the curve.
            key = CertificateRequest.LoadSigningRequest(der, HashAlgorithmName.SHA256).PublicKey;
            thumbprint = KeyThumbprint.Of(point);
            return true;
        }
        catch (Exception failure) when (failure is AsnContentException or CryptographicException)
        {
            return false;
        }
    }

    private static ECPoint? ReadPoint(byte[] der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        var request = reader.ReadSequence();
        reader.ThrowIfNotEmpty();

        var info = request.ReadSequence();
        var version = info.ReadInteger();
        info.ReadSequence().ThrowIfNotEmpty();
        var keyInfo = info.ReadSequence();
        info.ReadSetOf(new Asn1Tag(TagClass.ContextSpecific, 0)).ThrowIfNotEmpty();
        info.ThrowIfNotEmpty();

        var keyAlgorithm = keyInfo.ReadSequence();
        var (algorithm, curve) = (keyAlgorithm.ReadObjectIdentifier(), keyAlgorithm.ReadObjectIdentifier());
        keyAlgorithm.ThrowIfNotEmpty();
        var point = keyInfo.ReadBitString(out var unusedBits);
        keyInfo.ThrowIfNotEmpty();

        var signatureAlgorithm = request.ReadSequence();
        var signedBy = signatureAlgorithm.ReadObjectIdentifier();
        signatureAlgorithm.ThrowIfNotEmpty();
        request.ReadBitString(out var unusedSignatureBits);
        request.ThrowIfNotEmpty();

        return version.IsZero
            && (algorithm, curve, signedBy) is (EcPublicKey, P256, EcdsaWithSha256)
            && (unusedBits, unusedSignatureBits) is (0, 0)
            && point.Length == PointBytes && point[0] == Uncompressed
            ? new ECPoint { X = point[1..33], Y = point[33..] }
            : null;
    }
}
