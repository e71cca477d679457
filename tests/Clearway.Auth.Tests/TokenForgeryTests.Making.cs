using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Clearway.Auth.Tokens;
using static Clearway.Auth.Tests.Forge;

namespace Clearway.Auth.Tests;

/// <summary>How tokens are forged.</summary>
public sealed partial class TokenForgeryTests
{
    private static string Json(JsonObject of) => of.ToJsonString();

    private static string[] Parts(Forge forge) => forge.Good.Split('.');

    private static string Doubled(JsonObject of, string member) => Json(of)[..^1] + "," + member + "}";

    private static string WithAlgorithm(Forge forge, string algorithm, byte[] signature)
    {
        var header = forge.Header;
        header["alg"] = algorithm;
        return Join(Json(header), Json(forge.Payload), signature);
    }

    private static string SignWith(Forge forge, string algorithm, Func<byte[], byte[]> sign)
    {
        var header = forge.Header;
        header["alg"] = algorithm;
        return Forge.Sign(Json(header), Json(forge.Payload), sign);
    }

    private static string Hmac(Forge forge, string algorithm, byte[] key) => SignWith(forge, algorithm, data => algorithm switch
    {
        "HS384" => HMACSHA384.HashData(key, data),
        "HS512" => HMACSHA512.HashData(key, data),
        _ => HMACSHA256.HashData(key, data),
    });

    private static string Rsa(Forge forge, string algorithm, RSASignaturePadding padding)
    {
        using var rsa = RSA.Create(2048);
        return SignWith(forge, algorithm, data => rsa.SignData(data, HashAlgorithmName.SHA256, padding));
    }

    private static string Ecdsa(Forge forge, string algorithm, ECCurve curve, HashAlgorithmName hash)
    {
        using var ecdsa = ECDsa.Create(curve);
        return SignWith(forge, algorithm, data => ecdsa.SignData(data, hash));
    }

    private static string BySomebodyElse(Forge forge, string keyId)
    {
        var header = forge.Header;
        header["kid"] = keyId;
        return Forge.Sign(Json(header), Json(forge.Payload), data => forge.Stranger.Sign(data));
    }

    private static string WithOwnJwk(Forge forge)
    {
        var header = forge.Header;
        header["kid"] = forge.Stranger.KeyId;
        header["jwk"] = Jwk(forge.Stranger);
        return Forge.Sign(Json(header), Json(forge.Payload), data => forge.Stranger.Sign(data));
    }

    private static JsonObject Jwk(SigningKey key) => new() { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = key.X, ["y"] = key.Y };

    private static ECDsa Public(SigningKey key)
    {
        Assert.True(StrictBase64Url.TryDecode(key.X, out var x));
        Assert.True(StrictBase64Url.TryDecode(key.Y, out var y));
        return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } });
    }

    private static string PublicPem(SigningKey key)
    {
        using var ecdsa = Public(key);
        return ecdsa.ExportSubjectPublicKeyInfoPem();
    }

    private static byte[] PublicDer(SigningKey key)
    {
        using var ecdsa = Public(key);
        return ecdsa.ExportSubjectPublicKeyInfo();
    }

    /// <summary>SEQUENCE of the two INTEGERs (RFC 3279 section 2.2.3).</summary>
    private static byte[] Der(byte[] signature)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(Trimmed(signature[..32]));
            writer.WriteIntegerUnsigned(Trimmed(signature[32..]));
        }

        return writer.Encode();
    }

    private static byte[] Trimmed(byte[] integer) => [.. integer.SkipWhile(b => b == 0)];

    private static string Padded(string part) => part.PadRight((part.Length + 3) / 4 * 4, '=') is var padded && padded.Length > part.Length ? padded : part + "====";

    private static char NextInAlphabet(char letter)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return alphabet[alphabet.IndexOf(letter, StringComparison.Ordinal) + 1];
    }

    private static JsonObject Times(JsonObject payload, long issuedAt, long notBefore, long expiresAt)
    {
        payload["iat"] = issuedAt;
        payload["nbf"] = notBefore;
        payload["exp"] = expiresAt;
        return payload;
    }

    private static string OneCharacterTooLong(Forge forge)
    {
        for (var length = 5000; ; length++)
        {
            var token = forge.WithClaim("extra", new string('x', length));
            if (token.Length > JwsVerifier.MaxTokenCharacters)
            {
                return token;
            }
        }
    }
}
