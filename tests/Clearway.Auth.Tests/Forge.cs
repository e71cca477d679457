using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Clearway.Auth.Tokens;
using Clearway.Testing;

namespace Clearway.Auth.Tests;

/// <summary>Makes tokens that nobody should make, beside a verifier that knows two keys of its own.</summary>
internal sealed class Forge : IDisposable
{
    public Forge()
    {
        Keys = new SigningKeys([NewKey(), NewKey()]);
        Verifier = new TokenVerifier(new JwsVerifier(Keys), Time);
        Issuer = new TokenIssuer(Keys, Time);
    }

    public ManualTime Time { get; } = new();

    public SigningKeys Keys { get; }

    public TokenVerifier Verifier { get; }

    public TokenIssuer Issuer { get; }

    public SigningKey Key => Keys.Signing;

    /// <summary>A key that the verifier does not know.</summary>
    public SigningKey Stranger { get; } = NewKey();

    public long Now => Time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Header of a good token.</summary>
    public JsonObject Header => new() { ["alg"] = "ES256", ["kid"] = Key.KeyId, ["typ"] = "JWT" };

    /// <summary>Claims of a good room token.</summary>
    public JsonObject Payload => new()
    {
        ["iss"] = "clearway",
        ["aud"] = "room",
        ["sub"] = "p-abcdefghijklmnop",
        ["tenant"] = "default",
        ["room"] = "r7k2m9qxw4tz",
        ["sid"] = "s-abcdefghijklmnop",
        ["role"] = "participant",
        ["name"] = "Grace",
        ["room_title"] = "Weekly",
        ["max_peers"] = 8,
        ["ttl_minutes"] = 45,
        ["lobby"] = false,
        ["wait_for_moderator"] = false,
        ["iat"] = Now,
        ["nbf"] = Now,
        ["exp"] = Now + 600,
        ["jti"] = "abcdefghijklmnop",
    };

    public string Good => Sign(Header, Payload);

    public static SigningKey NewKey()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return SigningKey.FromPkcs8(ecdsa.ExportPkcs8PrivateKey());
    }

    public static string Encode(byte[] bytes) => StrictBase64Url.Encode(bytes);

    public static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    public static string Join(string header, string payload, byte[] signature) => $"{Encode(header)}.{Encode(payload)}.{Encode(signature)}";

    /// <summary>What an attacker without our key can do: any header, any claims, a signature by any means.</summary>
    public static string Sign(string header, string payload, Func<byte[], byte[]> sign) =>
        Join(header, payload, sign(Encoding.ASCII.GetBytes($"{Encode(header)}.{Encode(payload)}")));

    /// <summary>Signed by our key: only what is in the header or the claims can be wrong with it.</summary>
    public string Sign(JsonObject header, JsonObject payload) => Sign(header.ToJsonString(), payload.ToJsonString());

    public string Sign(string header, string payload) => Sign(header, payload, data => Key.Sign(data));

    /// <summary>Signed by our key over bytes that need not be UTF-8.</summary>
    public string Sign(byte[] header, byte[] payload)
    {
        var signed = $"{Encode(header)}.{Encode(payload)}";
        return $"{signed}.{Encode(Key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public string WithHeader(string member, JsonNode? value) => Sign(Changed(Header, member, value), Payload);

    public string WithoutHeader(string member) => Sign(Without(Header, member), Payload);

    public string WithClaim(string member, JsonNode? value) => Sign(Header, Changed(Payload, member, value));

    public string WithoutClaim(string member) => Sign(Header, Without(Payload, member));

    /// <summary>A good token with another signature.</summary>
    public string WithSignature(Func<byte[], byte[]> change)
    {
        var parts = Good.Split('.');
        Assert.True(StrictBase64Url.TryDecode(parts[2], out var signature));
        return $"{parts[0]}.{parts[1]}.{Encode(change(signature))}";
    }

    public void Dispose()
    {
        Keys.Dispose();
        Stranger.Dispose();
    }

    private static JsonObject Changed(JsonObject of, string member, JsonNode? value)
    {
        of[member] = value;
        return of;
    }

    private static JsonObject Without(JsonObject of, string member)
    {
        of.Remove(member);
        return of;
    }
}
