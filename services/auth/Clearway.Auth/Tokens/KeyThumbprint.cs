using System.Security.Cryptography;
using System.Text;

namespace Clearway.Auth.Tokens;

/// <summary>
/// Thumbprint of a P-256 public key (RFC 7638 with SHA-256), 43 characters of base64url. In a token it is <c>jkt</c> of <c>cnf</c>
/// (RFC 7800, RFC 9449 section 6.1): the key that its holder has proven, or will prove, to possess.
/// </summary>
internal readonly record struct KeyThumbprint(string Value)
{
    public static KeyThumbprint Of(ECPoint publicKey)
    {
        var (x, y) = (StrictBase64Url.Encode(publicKey.X), StrictBase64Url.Encode(publicKey.Y));
        return new(StrictBase64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}"""))));
    }

    public static bool TryParse(string? text, out KeyThumbprint thumbprint)
    {
        thumbprint = new KeyThumbprint(text ?? "");
        return StrictBase64Url.TryDecode(text, out var bytes) && bytes.Length == SHA256.HashSizeInBytes;
    }

    public override string ToString() => Value;
}
