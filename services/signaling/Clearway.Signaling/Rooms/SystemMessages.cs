using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Clearway.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace Clearway.Signaling.Rooms;

/// <summary>A system message that a service of ours signed for this room.</summary>
/// <param name="Data">The JSON object as it was signed.</param>
/// <param name="Security">HMAC-SHA256 over <paramref name="Data"/>, lower-case hex.</param>
/// <param name="MessageId">The same whenever the same message is announced again.</param>
/// <param name="Digest">What it announces: equal for messages of one kind about one recording.</param>
internal sealed record SystemMessage(string Data, string Security, Guid MessageId, string Digest);

/// <summary>Tells messages of our own services from those that a client made up.</summary>
internal sealed class SystemMessages(IOptions<SystemMessageOptions> options)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(options.Value.Key);

    /// <summary>The message, if it is signed with the key and names this room; else null.</summary>
    internal SystemMessage? Verify(RoomId room, string data, string security)
    {
        var expected = HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(data));
        var given = new byte[expected.Length];
        var isHex = security.Length == expected.Length * 2
            && Convert.FromHexString(security, given, out _, out _) == System.Buffers.OperationStatus.Done;
        if (!CryptographicOperations.FixedTimeEquals(expected, given) || !isHex)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(data);
            if (Text(json, "room") != room.Value)
            {
                return null;
            }

            var subject = $"{Text(json, "kind")}|{Text(json, "recording_id") ?? data}";
            return new SystemMessage(
                data,
                Convert.ToHexStringLower(expected),
                new Guid(SHA256.HashData(expected).AsSpan(0, 16)),
                Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject))));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonDocument json, string name) =>
        json.RootElement.ValueKind == JsonValueKind.Object
        && json.RootElement.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
