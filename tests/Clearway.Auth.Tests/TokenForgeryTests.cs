using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Clearway.Auth.Tokens;
using static Clearway.Auth.Tests.Forge;

namespace Clearway.Auth.Tests;

/// <summary>Each way that is known to fool a verifier of tokens, as data: none is accepted, and each is refused for its own reason.</summary>
public sealed class TokenForgeryTests
{
    private static readonly Dictionary<string, (TokenRefusal Refusal, Func<Forge, string> Make)> _variants = new()
    {
        // Algorithms
        ["alg none, no signature"] = (TokenRefusal.Malformed, f => WithAlgorithm(f, "none", [])),
        ["alg none, two parts"] = (TokenRefusal.Malformed, f => WithAlgorithm(f, "none", []).TrimEnd('.')),
        ["alg none, any signature"] = (TokenRefusal.Signature, f => WithAlgorithm(f, "none", new byte[64])),
        ["alg none, good signature"] = (TokenRefusal.Signature, f => f.WithHeader("alg", "none")),
        ["alg None"] = (TokenRefusal.Signature, f => WithAlgorithm(f, "None", [0])),
        ["alg NONE"] = (TokenRefusal.Signature, f => WithAlgorithm(f, "NONE", [0])),
        ["alg nOnE"] = (TokenRefusal.Signature, f => WithAlgorithm(f, "nOnE", [0])),
        ["alg none and a space"] = (TokenRefusal.Signature, f => WithAlgorithm(f, "none ", [0])),
        ["alg none and NUL"] = (TokenRefusal.Signature, f => WithAlgorithm(f, "none\0", [0])),
        ["alg HS256 by the public key in PEM"] = (TokenRefusal.Signature, f => Hmac(f, "HS256", Encoding.ASCII.GetBytes(PublicPem(f.Key)))),
        ["alg HS256 by the public key in DER"] = (TokenRefusal.Signature, f => Hmac(f, "HS256", PublicDer(f.Key))),
        ["alg HS256 by the x coordinate"] = (TokenRefusal.Signature, f => Hmac(f, "HS256", Encoding.ASCII.GetBytes(f.Key.X))),
        ["alg HS256 by the key id"] = (TokenRefusal.Signature, f => Hmac(f, "HS256", Encoding.ASCII.GetBytes(f.Key.KeyId))),
        ["alg HS256 by an empty key"] = (TokenRefusal.Signature, f => Hmac(f, "HS256", [])),
        ["alg HS384"] = (TokenRefusal.Signature, f => Hmac(f, "HS384", PublicDer(f.Key))),
        ["alg HS512"] = (TokenRefusal.Signature, f => Hmac(f, "HS512", PublicDer(f.Key))),
        ["alg RS256"] = (TokenRefusal.Signature, f => Rsa(f, "RS256", RSASignaturePadding.Pkcs1)),
        ["alg PS256"] = (TokenRefusal.Signature, f => Rsa(f, "PS256", RSASignaturePadding.Pss)),
        ["alg ES384 on P-384"] = (TokenRefusal.Signature, f => Ecdsa(f, "ES384", ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384)),
        ["alg ES512 on P-521"] = (TokenRefusal.Signature, f => Ecdsa(f, "ES512", ECCurve.NamedCurves.nistP521, HashAlgorithmName.SHA512)),
        ["alg ES256K"] = (TokenRefusal.Signature, f => f.WithHeader("alg", "ES256K")),
        ["alg EdDSA"] = (TokenRefusal.Signature, f => f.WithHeader("alg", "EdDSA")),
        ["alg es256"] = (TokenRefusal.Signature, f => f.WithHeader("alg", "es256")),
        ["alg ES256 and a space"] = (TokenRefusal.Signature, f => f.WithHeader("alg", "ES256 ")),
        ["alg in full-width letters"] = (TokenRefusal.Signature, f => f.WithHeader("alg", "ＥＳ２５６")),
        ["alg empty"] = (TokenRefusal.Signature, f => f.WithHeader("alg", "")),
        ["alg null"] = (TokenRefusal.Malformed, f => f.WithHeader("alg", null)),
        ["alg number"] = (TokenRefusal.Malformed, f => f.WithHeader("alg", 256)),
        ["alg list"] = (TokenRefusal.Malformed, f => f.WithHeader("alg", new JsonArray("ES256", "none"))),
        ["alg missing"] = (TokenRefusal.Malformed, f => f.WithoutHeader("alg")),

        // Keys
        ["kid unknown"] = (TokenRefusal.Signature, f => f.WithHeader("kid", "unknown")),
        ["kid of a stranger who signed"] = (TokenRefusal.Signature, f => BySomebodyElse(f, f.Stranger.KeyId)),
        ["kid ours, signed by a stranger"] = (TokenRefusal.Signature, f => BySomebodyElse(f, f.Key.KeyId)),
        ["kid of our other key"] = (TokenRefusal.Signature, f => f.WithHeader("kid", f.Keys.All[1].KeyId)),
        ["kid a path"] = (TokenRefusal.Signature, f => f.WithHeader("kid", "../../../../dev/null")),
        ["kid an absolute path"] = (TokenRefusal.Signature, f => f.WithHeader("kid", "/proc/sys/kernel/randomize_va_space")),
        ["kid SQL"] = (TokenRefusal.Signature, f => f.WithHeader("kid", "x' UNION SELECT 'secret' --")),
        ["kid a URL"] = (TokenRefusal.Signature, f => f.WithHeader("kid", "https://evil.example/key")),
        ["kid a command"] = (TokenRefusal.Signature, f => f.WithHeader("kid", "key|id")),
        ["kid in upper case"] = (TokenRefusal.Signature, f => f.WithHeader("kid", f.Key.KeyId.ToUpperInvariant())),
        ["kid cut short"] = (TokenRefusal.Signature, f => f.WithHeader("kid", f.Key.KeyId[..^1])),
        ["kid and NUL"] = (TokenRefusal.Signature, f => f.WithHeader("kid", f.Key.KeyId + "\0")),
        ["kid and a space"] = (TokenRefusal.Signature, f => f.WithHeader("kid", f.Key.KeyId + " ")),
        ["kid empty"] = (TokenRefusal.Signature, f => f.WithHeader("kid", "")),
        ["kid null"] = (TokenRefusal.Malformed, f => f.WithHeader("kid", null)),
        ["kid list"] = (TokenRefusal.Malformed, f => f.WithHeader("kid", new JsonArray(f.Key.KeyId))),
        ["kid number"] = (TokenRefusal.Malformed, f => f.WithHeader("kid", 0)),
        ["kid missing"] = (TokenRefusal.Malformed, f => f.WithoutHeader("kid")),

        // Headers that bring a key, or ask for what is not done
        ["jku"] = (TokenRefusal.Malformed, f => f.WithHeader("jku", "https://evil.example/jwks.json")),
        ["x5u"] = (TokenRefusal.Malformed, f => f.WithHeader("x5u", "https://evil.example/cert.pem")),
        ["jwk of the stranger who signed"] = (TokenRefusal.Malformed, WithOwnJwk),
        ["jwk of our key"] = (TokenRefusal.Malformed, f => f.WithHeader("jwk", Jwk(f.Key))),
        ["x5c"] = (TokenRefusal.Malformed, f => f.WithHeader("x5c", new JsonArray("MIIB"))),
        ["x5t"] = (TokenRefusal.Malformed, f => f.WithHeader("x5t", "AAAA")),
        ["crit of a known claim"] = (TokenRefusal.Malformed, f => f.WithHeader("crit", new JsonArray("exp"))),
        ["crit empty"] = (TokenRefusal.Malformed, f => f.WithHeader("crit", new JsonArray())),
        ["crit nested"] = (TokenRefusal.Malformed, f => f.WithHeader("crit", new JsonObject { ["crit"] = new JsonArray("crit") })),
        ["b64 false"] = (TokenRefusal.Malformed, f => f.WithHeader("b64", false)),
        ["zip"] = (TokenRefusal.Malformed, f => f.WithHeader("zip", "DEF")),
        ["cty of a nested token"] = (TokenRefusal.Malformed, f => f.WithHeader("cty", "JWT")),
        ["enc of an encrypted token"] = (TokenRefusal.Malformed, f => f.WithHeader("enc", "A256GCM")),
        ["typ of another kind"] = (TokenRefusal.Malformed, f => f.WithHeader("typ", "at+jwt")),
        ["typ in lower case"] = (TokenRefusal.Malformed, f => f.WithHeader("typ", "jwt")),
        ["typ missing"] = (TokenRefusal.Malformed, f => f.WithoutHeader("typ")),

        // JSON of the header
        ["header with alg twice"] = (TokenRefusal.Malformed, f => f.Sign(Doubled(f.Header, "\"alg\":\"none\""), Json(f.Payload))),
        ["header with alg twice, once escaped"] = (TokenRefusal.Malformed, f => f.Sign(Doubled(f.Header, "\"\\u0061lg\":\"none\""), Json(f.Payload))),
        ["header with kid twice"] = (TokenRefusal.Malformed, f => f.Sign(Doubled(f.Header, "\"kid\":\"x\""), Json(f.Payload))),
        ["header a list"] = (TokenRefusal.Malformed, f => f.Sign($"[{Json(f.Header)}]", Json(f.Payload))),
        ["header null"] = (TokenRefusal.Malformed, f => f.Sign("null", Json(f.Payload))),
        ["header empty object"] = (TokenRefusal.Malformed, f => f.Sign("{}", Json(f.Payload))),
        ["header with text after it"] = (TokenRefusal.Malformed, f => f.Sign(Json(f.Header) + "x", Json(f.Payload))),
        ["header with a comment"] = (TokenRefusal.Malformed, f => f.Sign("/**/" + Json(f.Header), Json(f.Payload))),
        ["header with a byte order mark"] = (TokenRefusal.Malformed, f => f.Sign("\uFEFF" + Json(f.Header), Json(f.Payload))),
        ["header in UTF-16"] = (TokenRefusal.Malformed, f => f.Sign(Encoding.Unicode.GetBytes(Json(f.Header)), Encoding.UTF8.GetBytes(Json(f.Payload)))),
        ["header cut short"] = (TokenRefusal.Malformed, f => f.Sign(Json(f.Header)[..^1], Json(f.Payload))),

        // Signatures
        ["signature of zero r and s"] = (TokenRefusal.Signature, f => f.WithSignature(_ => new byte[64])),
        ["signature of zero r"] = (TokenRefusal.Signature, f => f.WithSignature(s => [.. new byte[32], .. s[32..]])),
        ["signature of zero s"] = (TokenRefusal.Signature, f => f.WithSignature(s => [.. s[..32], .. new byte[32]])),
        ["signature of r and s equal to n"] = (TokenRefusal.Signature, f => f.WithSignature(_ => [.. Order, .. Order])),
        ["signature of r equal to n"] = (TokenRefusal.Signature, f => f.WithSignature(s => [.. Order, .. s[32..]])),
        ["signature of s equal to n"] = (TokenRefusal.Signature, f => f.WithSignature(s => [.. s[..32], .. Order])),
        ["signature of r and s over n"] = (TokenRefusal.Signature, f => f.WithSignature(_ => [.. Enumerable.Repeat((byte)0xFF, 64)])),
        ["signature of r and s one"] = (TokenRefusal.Signature, f => f.WithSignature(_ => [.. One, .. One])),
        ["signature with r and s swapped"] = (TokenRefusal.Signature, f => f.WithSignature(s => [.. s[32..], .. s[..32]])),
        ["signature with one bit changed"] = (TokenRefusal.Signature, f => f.WithSignature(s => [.. s[..63], (byte)(s[63] ^ 1)])),
        ["signature in DER"] = (TokenRefusal.Signature, f => f.WithSignature(Der)),
        ["signature of 63 bytes"] = (TokenRefusal.Signature, f => f.WithSignature(s => s[..63])),
        ["signature of 65 bytes"] = (TokenRefusal.Signature, f => f.WithSignature(s => [.. s, 0])),
        ["signature with leading zeros"] = (TokenRefusal.Signature, f => f.WithSignature(s => [0, .. s[..32], 0, .. s[32..]])),
        ["signature twice"] = (TokenRefusal.Signature, f => f.WithSignature(s => [.. s, .. s])),
        ["signature of one byte"] = (TokenRefusal.Signature, f => f.WithSignature(_ => [0])),
        ["signature of another token"] = (TokenRefusal.Signature, f => Parts(f)[0] + "." + Parts(f)[1] + "." + f.WithClaim("role", "organizer").Split('.')[2]),
        ["signature over the payload alone"] = (TokenRefusal.Signature, f => Join(Json(f.Header), Json(f.Payload), f.Key.Sign(Encoding.UTF8.GetBytes(Json(f.Payload))))),
        ["claims changed after signing"] = (TokenRefusal.Signature, f => Parts(f)[0] + "." + f.WithClaim("role", "organizer").Split('.')[1] + "." + Parts(f)[2]),

        // Encoding
        ["empty"] = (TokenRefusal.Malformed, _ => ""),
        ["one dot"] = (TokenRefusal.Malformed, _ => "."),
        ["two dots"] = (TokenRefusal.Malformed, _ => ".."),
        ["only dots"] = (TokenRefusal.Malformed, _ => new string('.', 8000)),
        ["two parts"] = (TokenRefusal.Malformed, f => Parts(f)[0] + "." + Parts(f)[1]),
        ["four parts"] = (TokenRefusal.Malformed, f => f.Good + ".AA"),
        ["five parts, as an encrypted token"] = (TokenRefusal.Malformed, f => f.Good + ".AA.AA"),
        ["dot after it"] = (TokenRefusal.Malformed, f => f.Good + "."),
        ["dot before it"] = (TokenRefusal.Malformed, f => "." + f.Good),
        ["padding of the signature"] = (TokenRefusal.Malformed, f => f.Good + "=="),
        ["padding of the header"] = (TokenRefusal.Malformed, f => Padded(Parts(f)[0]) + "." + Parts(f)[1] + "." + Parts(f)[2]),
        ["padding that is not needed"] = (TokenRefusal.Malformed, f => f.Good.Replace(".", "=.", StringComparison.Ordinal)),
        ["alphabet of plain base64"] = (TokenRefusal.Malformed, f => f.WithSignature(_ => [.. Enumerable.Repeat((byte)0xFB, 64)]).Replace('-', '+').Replace('_', '/')),
        ["unused bits set"] = (TokenRefusal.Malformed, f => f.Good[..^1] + NextInAlphabet(f.Good[^1])),
        ["space after it"] = (TokenRefusal.Malformed, f => f.Good + " "),
        ["space before it"] = (TokenRefusal.Malformed, f => " " + f.Good),
        ["line feed after it"] = (TokenRefusal.Malformed, f => f.Good + "\n"),
        ["line feed inside"] = (TokenRefusal.Malformed, f => f.Good.Insert(10, "\r\n")),
        ["NUL after it"] = (TokenRefusal.Malformed, f => f.Good + "\0"),
        ["zero-width space inside"] = (TokenRefusal.Malformed, f => f.Good.Insert(10, "\u200B")),
        ["full-width dots"] = (TokenRefusal.Malformed, f => f.Good.Replace('.', '．')),
        ["a Cyrillic letter for a Latin one"] = (TokenRefusal.Malformed, f => "е" + f.Good[1..]),
        ["a letter of 0x100 more"] = (TokenRefusal.Malformed, f => (char)(f.Good[0] + 0x100) + f.Good[1..]),
        ["percent encoding"] = (TokenRefusal.Malformed, f => f.Good.Replace(".", "%2E", StringComparison.Ordinal)),
        ["scheme before it"] = (TokenRefusal.Malformed, f => "Bearer " + f.Good),
        ["cut by one character"] = (TokenRefusal.Malformed, f => f.Good[..^1]),
        ["cut by four characters"] = (TokenRefusal.Signature, f => f.WithSignature(s => s[..61])),
        ["JSON serialization"] = (TokenRefusal.Malformed, f => $$"""{"protected":"{{Parts(f)[0]}}","payload":"{{Parts(f)[1]}}","signature":"{{Parts(f)[2]}}"}"""),
        ["over 8 KiB"] = (TokenRefusal.Malformed, f => f.WithClaim("extra", new string('x', 8 * 1024))),
        ["over 8 KiB by one character"] = (TokenRefusal.Malformed, OneCharacterTooLong),
        ["a megabyte"] = (TokenRefusal.Malformed, _ => new string('A', 1 << 20)),

        // Claims, well signed
        ["iss of somebody else"] = (TokenRefusal.Issuer, f => f.WithClaim("iss", "https://evil.example")),
        ["iss in upper case"] = (TokenRefusal.Issuer, f => f.WithClaim("iss", "Clearway")),
        ["iss and a space"] = (TokenRefusal.Issuer, f => f.WithClaim("iss", "clearway ")),
        ["iss empty"] = (TokenRefusal.Issuer, f => f.WithClaim("iss", "")),
        ["iss null"] = (TokenRefusal.Malformed, f => f.WithClaim("iss", null)),
        ["iss missing"] = (TokenRefusal.Malformed, f => f.WithoutClaim("iss")),
        ["iss list"] = (TokenRefusal.Malformed, f => f.WithClaim("iss", new JsonArray("clearway"))),
        ["aud account"] = (TokenRefusal.Audience, f => f.WithClaim("aud", "account")),
        ["aud invitation"] = (TokenRefusal.Audience, f => f.WithClaim("aud", "invitation")),
        ["aud in upper case"] = (TokenRefusal.Audience, f => f.WithClaim("aud", "Room")),
        ["aud with ours in it"] = (TokenRefusal.Audience, f => f.WithClaim("aud", "room account")),
        ["aud number of ours"] = (TokenRefusal.Audience, f => f.WithClaim("aud", "1")),
        ["aud list with ours"] = (TokenRefusal.Malformed, f => f.WithClaim("aud", new JsonArray("room", "account"))),
        ["aud missing"] = (TokenRefusal.Malformed, f => f.WithoutClaim("aud")),
        ["exp passed"] = (TokenRefusal.Expired, f => f.Sign(f.Header, Times(f.Payload, f.Now - 605, f.Now - 605, f.Now - 5))),
        ["exp long ago"] = (TokenRefusal.Expired, f => f.Sign(f.Header, Times(f.Payload, 1, 1, 2))),
        ["exp missing"] = (TokenRefusal.Malformed, f => f.WithoutClaim("exp")),
        ["exp null"] = (TokenRefusal.Malformed, f => f.WithClaim("exp", null)),
        ["exp text"] = (TokenRefusal.Malformed, f => f.WithClaim("exp", $"{f.Now + 600}")),
        ["exp with a fraction"] = (TokenRefusal.Malformed, f => f.WithClaim("exp", f.Now + 600.5)),
        ["exp with an exponent"] = (TokenRefusal.Malformed, f => f.Sign(Json(f.Header), Json(f.Payload).Replace($"\"exp\":{f.Now + 600}", "\"exp\":1e300", StringComparison.Ordinal))),
        ["exp beyond all dates"] = (TokenRefusal.Malformed, f => f.WithClaim("exp", long.MaxValue)),
        ["exp beyond 64 bits"] = (TokenRefusal.Malformed, f => f.Sign(Json(f.Header), Json(f.Payload).Replace($"\"exp\":{f.Now + 600}", "\"exp\":99999999999999999999", StringComparison.Ordinal))),
        ["exp negative"] = (TokenRefusal.Malformed, f => f.WithClaim("exp", -1)),
        ["exp in milliseconds"] = (TokenRefusal.Malformed, f => f.WithClaim("exp", (f.Now + 600) * 1000)),
        ["exp true"] = (TokenRefusal.Malformed, f => f.WithClaim("exp", true)),
        ["nbf ahead"] = (TokenRefusal.NotYetValid, f => f.WithClaim("nbf", f.Now + 6)),
        ["nbf after exp"] = (TokenRefusal.Malformed, f => f.WithClaim("nbf", f.Now + 601)),
        ["nbf missing"] = (TokenRefusal.Malformed, f => f.WithoutClaim("nbf")),
        ["iat ahead"] = (TokenRefusal.NotYetValid, f => f.WithClaim("iat", f.Now + 6)),
        ["iat missing"] = (TokenRefusal.Malformed, f => f.WithoutClaim("iat")),
        ["iat after exp"] = (TokenRefusal.Malformed, f => f.Sign(f.Header, Times(f.Payload, f.Now, f.Now - 10, f.Now - 20))),
        ["sub of an account"] = (TokenRefusal.Malformed, f => f.WithClaim("sub", "acc-abcdefghijklmnop")),
        ["sub list"] = (TokenRefusal.Malformed, f => f.WithClaim("sub", new JsonArray("p-abcdefghijklmnop"))),
        ["sub empty"] = (TokenRefusal.Malformed, f => f.WithClaim("sub", "")),
        ["sub and a line feed"] = (TokenRefusal.Malformed, f => f.WithClaim("sub", "p-abcdefghijklmno\n")),
        ["room number"] = (TokenRefusal.Malformed, f => f.WithClaim("room", 1)),
        ["room object"] = (TokenRefusal.Malformed, f => f.WithClaim("room", new JsonObject())),
        ["room in upper case"] = (TokenRefusal.Malformed, f => f.WithClaim("room", "R7K2M9QXW4TZ")),
        ["room too long"] = (TokenRefusal.Malformed, f => f.WithClaim("room", "r7k2m9qxw4tz1")),
        ["room a pattern"] = (TokenRefusal.Malformed, f => f.WithClaim("room", "************")),
        ["room missing"] = (TokenRefusal.Malformed, f => f.WithoutClaim("room")),
        ["sid missing"] = (TokenRefusal.Malformed, f => f.WithoutClaim("sid")),
        ["sid of a participant"] = (TokenRefusal.Malformed, f => f.WithClaim("sid", "p-abcdefghijklmnop")),
        ["tenant a path"] = (TokenRefusal.Malformed, f => f.WithClaim("tenant", "../other")),
        ["tenant empty"] = (TokenRefusal.Malformed, f => f.WithClaim("tenant", "")),
        ["tenant missing"] = (TokenRefusal.Malformed, f => f.WithoutClaim("tenant")),
        ["role unknown"] = (TokenRefusal.Malformed, f => f.WithClaim("role", "admin")),
        ["role in upper case"] = (TokenRefusal.Malformed, f => f.WithClaim("role", "Organizer")),
        ["role number"] = (TokenRefusal.Malformed, f => f.WithClaim("role", 0)),
        ["role number as text"] = (TokenRefusal.Malformed, f => f.WithClaim("role", "0")),
        ["role of two"] = (TokenRefusal.Malformed, f => f.WithClaim("role", "participant, organizer")),
        ["role list"] = (TokenRefusal.Malformed, f => f.WithClaim("role", new JsonArray("organizer"))),
        ["role missing"] = (TokenRefusal.Malformed, f => f.WithoutClaim("role")),
        ["name with an override"] = (TokenRefusal.Malformed, f => f.WithClaim("name", "Grace\u202Eecarg")),
        ["name with a line feed"] = (TokenRefusal.Malformed, f => f.WithClaim("name", "Grace\nHopper")),
        ["name of half a surrogate pair"] = (TokenRefusal.Malformed, f => f.Sign(Json(f.Header), Json(f.Payload).Replace("Grace", "\\ud800", StringComparison.Ordinal))),
        ["name too long"] = (TokenRefusal.Malformed, f => f.WithClaim("name", new string('x', 65))),
        ["name missing"] = (TokenRefusal.Malformed, f => f.WithoutClaim("name")),
        ["room_title missing"] = (TokenRefusal.Malformed, f => f.WithoutClaim("room_title")),
        ["max_peers missing"] = (TokenRefusal.Malformed, f => f.WithoutClaim("max_peers")),
        ["max_peers over 100"] = (TokenRefusal.Malformed, f => f.WithClaim("max_peers", 101)),
        ["ttl_minutes over 300"] = (TokenRefusal.Malformed, f => f.WithClaim("ttl_minutes", 301)),
        ["lobby missing"] = (TokenRefusal.Malformed, f => f.WithoutClaim("lobby")),
        ["wait_for_moderator text"] = (TokenRefusal.Malformed, f => f.WithClaim("wait_for_moderator", "false")),
        ["own_tracks text"] = (TokenRefusal.Malformed, f => f.WithClaim("own_tracks", "true")),
        ["cnf null jkt"] = (TokenRefusal.Malformed, f => f.WithClaim("cnf", new JsonObject { ["jkt"] = null })),
        ["cnf without jkt"] = (TokenRefusal.Malformed, f => f.WithClaim("cnf", new JsonObject())),
        ["cnf text"] = (TokenRefusal.Malformed, f => f.WithClaim("cnf", f.Key.KeyId)),
        ["cnf of a key instead of its thumbprint"] = (TokenRefusal.Malformed, f => f.WithClaim("cnf", new JsonObject { ["jwk"] = Jwk(f.Key) })),
        ["cnf with a key beside the thumbprint"] = (TokenRefusal.Malformed, f => f.WithClaim("cnf", new JsonObject { ["jkt"] = f.Key.KeyId, ["jwk"] = Jwk(f.Stranger) })),
        ["cnf with a URL of keys"] = (TokenRefusal.Malformed, f => f.WithClaim("cnf", new JsonObject { ["jku"] = "https://evil.example/jwks.json" })),
        ["cnf with a thumbprint cut short"] = (TokenRefusal.Malformed, f => f.WithClaim("cnf", new JsonObject { ["jkt"] = f.Key.KeyId[..^1] })),
        ["cnf with an empty thumbprint"] = (TokenRefusal.Malformed, f => f.WithClaim("cnf", new JsonObject { ["jkt"] = "" })),
        ["cnf with a padded thumbprint"] = (TokenRefusal.Malformed, f => f.WithClaim("cnf", new JsonObject { ["jkt"] = f.Key.KeyId + "=" })),
        ["jti missing"] = (TokenRefusal.Malformed, f => f.WithoutClaim("jti")),
        ["jti of another form"] = (TokenRefusal.Malformed, f => f.WithClaim("jti", "x\r\nDEL revoked:y")),
        ["role twice"] = (TokenRefusal.Malformed, f => f.Sign(Json(f.Header), Doubled(f.Payload, "\"role\":\"organizer\""))),
        ["role twice, once escaped"] = (TokenRefusal.Malformed, f => f.Sign(Json(f.Header), Doubled(f.Payload, "\"\\u0072ole\":\"organizer\""))),
        ["exp twice"] = (TokenRefusal.Malformed, f => f.Sign(Json(f.Header), Doubled(f.Payload, "\"exp\":99999999999"))),
        ["claims a list"] = (TokenRefusal.Malformed, f => f.Sign(Json(f.Header), $"[{Json(f.Payload)}]")),
        ["claims text"] = (TokenRefusal.Malformed, f => f.Sign(Json(f.Header), "\"claims\"")),
        ["claims null"] = (TokenRefusal.Malformed, f => f.Sign(Json(f.Header), "null")),
        ["claims not JSON"] = (TokenRefusal.Malformed, f => f.Sign(Json(f.Header), "<saml/>")),
        ["claims with text after them"] = (TokenRefusal.Malformed, f => f.Sign(Json(f.Header), Json(f.Payload) + Json(f.Payload))),
        ["claims with a comma too many"] = (TokenRefusal.Malformed, f => f.Sign(Json(f.Header), Json(f.Payload)[..^1] + ",}")),
        ["claims nested a thousand deep"] = (TokenRefusal.Malformed, f => f.Sign(Json(f.Header), Doubled(f.Payload, "\"x\":" + new string('[', 1000) + new string(']', 1000)))),
        ["claims not UTF-8"] = (TokenRefusal.Malformed, f => f.Sign(Encoding.UTF8.GetBytes(Json(f.Header)), Encoding.Latin1.GetBytes(Json(f.Payload).Replace("Grace", "Gr\u00E2ce", StringComparison.Ordinal)))),
    };

    /// <summary>n, the order of P-256 (FIPS 186-4 D.1.2.3).</summary>
    private static byte[] Order => Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");

    public static TheoryData<string> Variants => [.. _variants.Keys];

    private static byte[] One => [.. new byte[31], 1];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Verify_ForgedToken_IsRefused(string variant)
    {
        using var forge = new Forge();
        var (refusal, make) = _variants[variant];

        Assert.NotNull(forge.Verifier.Verify<RoomClaims>(forge.Good).Token);
        var verdict = forge.Verifier.Verify<RoomClaims>(make(forge));

        Assert.Null(verdict.Token);
        Assert.Equal(refusal, verdict.Refusal);
    }

    [Fact]
    public void Variants_AreAtLeastTwoHundred() => Assert.InRange(_variants.Count, 200, int.MaxValue);

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
