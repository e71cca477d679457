using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Clearway.Auth.Tokens;

/// <summary>
/// The public key of a browser (RFC 7517, RFC 7518 section 6.2.1): P-256 and nothing else. A member that is not of a public key,
/// <c>d</c> above all, is refused: whoever sends a private key has a fault to be told of.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PublicJsonWebKey
{
    [JsonPropertyName("kty")] public string? KeyType { get; init; }

    [JsonPropertyName("crv")] public string? Curve { get; init; }

    [JsonPropertyName("x")] public string? X { get; init; }

    [JsonPropertyName("y")] public string? Y { get; init; }

    /// <summary>False when it is no point of the curve, or not in the one spelling of RFC 7518.</summary>
    public bool TryGetThumbprint(out KeyThumbprint thumbprint)
    {
        thumbprint = default;
        if (this is not { KeyType: "EC", Curve: "P-256" }
            || !StrictBase64Url.TryDecode(X, out var x) || x.Length != 32
            || !StrictBase64Url.TryDecode(Y, out var y) || y.Length != 32)
        {
            return false;
        }

        var point = new ECPoint { X = x, Y = y };
        try
        {
            // Throws for a point that is not on the curve.
            ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point }).Dispose();
        }
        catch (CryptographicException)
        {
            return false;
        }

        thumbprint = KeyThumbprint.Of(point);
        return true;
    }
}
