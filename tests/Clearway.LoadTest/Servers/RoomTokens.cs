using System.Buffers.Text;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Clearway.LoadTest.Servers;

/// <summary>
/// Room tokens for any number of participants: one is asked of Auth as a browser does it, and its claims are signed again, for other
/// participants and rooms, with the key that Auth was given. Auth verifies each of them as its own.
/// </summary>
internal sealed class RoomTokens : IDisposable
{
    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567"; // RFC 4648 section 6, in lower case

    private readonly ECDsa _key;
    private readonly string _header;
    private readonly JsonObject _claims;

    private RoomTokens(ECDsa key, string header, JsonObject claims) => (_key, _header, _claims) = (key, header, claims);

    /// <summary>Signs in, makes a room and redeems its invitation.</summary>
    /// <param name="auth">Address of Auth's REST endpoints.</param>
    /// <param name="password">The organizers' password.</param>
    /// <param name="pem">The signing key that Auth was given.</param>
    internal static async Task<RoomTokens> AskAsync(Uri auth, string password, string pem)
    {
        // The account's cookie is for HTTPS alone, and this is none: it is carried over by hand.
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = auth };
        await PostAsync(http, "/api/v1/auth/sign-in", new JsonObject { ["name"] = "Load", ["password"] = password });
        var room = await PostAsync(http, "/api/v1/rooms", new JsonObject { ["title"] = "Load" });
        var redeemed = await PostAsync(
            http, "/api/v1/invitations/redeem", new JsonObject { ["invitation"] = (string)room["invitation"]!, ["name"] = "Load" });
        var parts = ((string)redeemed["token"]!).Split('.');
        var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return new RoomTokens(key, parts[0], JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!.AsObject());
    }

    /// <summary>A token of a participant of a room.</summary>
    /// <param name="room">12 characters [a-z0-9].</param>
    /// <param name="number">Makes the participant and the session; the same number is the same participant.</param>
    /// <param name="role">organizer, moderator, participant or observer.</param>
    internal string Token(string room, int number, string role = "participant")
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        _claims["room"] = room;
        _claims["sub"] = Participant(number);
        _claims["sid"] = string.Concat("s-", Participant(number).AsSpan(2));
        _claims["name"] = string.Create(CultureInfo.InvariantCulture, $"Load {number}");
        _claims["role"] = role;
        _claims["jti"] = RandomNumberGenerator.GetString(Base32, 16);
        (_claims["iat"], _claims["nbf"], _claims["exp"]) = (now, now, now + 600);
        var signed = $"{_header}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(_claims.ToJsonString()))}";
        var signature = _key.SignData(
            Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>Whose the tokens' rooms are.</summary>
    internal string Tenant => (string)_claims["tenant"]!;

    /// <summary>The public id of that participant: p- and 16 characters of base 32.</summary>
    internal static string Participant(int number) => string.Create(18, number, (id, rest) =>
    {
        "p-".CopyTo(id);
        for (var i = id.Length - 1; i >= 2; i--)
        {
            id[i] = Base32[rest & 31];
            rest >>= 5;
        }
    });

    /// <summary>A room's id.</summary>
    internal static string Room(string campaign, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{campaign[..4]}{number:D8}");

    public void Dispose() => _key.Dispose();

    private static async Task<JsonNode> PostAsync(HttpClient http, string path, JsonObject body)
    {
        using var answer = await http.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        if (answer.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            http.DefaultRequestHeaders.Add("Cookie", cookies.Select(cookie => cookie.Split(';')[0]));
        }

        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(text)!
            : throw new InvalidOperationException($"{path} answered {(int)answer.StatusCode}: {text}");
    }
}
