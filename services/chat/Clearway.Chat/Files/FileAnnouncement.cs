using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Clearway.Chat.Files;

/// <summary>The chat line by which a file comes into its room; times in milliseconds since 1970-01-01T00:00:00Z.</summary>
internal sealed record FileAnnouncement(
    string Kind,
    string Room,
    Guid FileId,
    string Name,
    long SizeBytes,
    string ContentType,
    string SenderId,
    string SenderName,
    long UploadedAt)
{
    private const string KindOfFiles = "file";

    public static FileAnnouncement Of(StoredFile file) => new(
        KindOfFiles,
        file.Room,
        file.Id,
        file.Name,
        file.Size,
        file.ContentType,
        file.SenderId,
        file.SenderName,
        new DateTimeOffset(file.UploadedAt).ToUnixTimeMilliseconds());

    /// <summary>Reads a stored system message, which the gateway has verified.</summary>
    /// <returns>Null when it announces something else.</returns>
    public static FileAnnouncement? Read(string systemData)
    {
        try
        {
            return JsonSerializer.Deserialize(systemData, FileJson.Default.FileAnnouncement) is { Kind: KindOfFiles } announcement ? announcement : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The announcement as it is signed.</summary>
/// <param name="Data">JSON.</param>
/// <param name="Security">HMAC-SHA256 over its UTF-8 bytes, lower-case hex.</param>
/// <param name="MessageId">The id that the gateway gives the message: of the HMAC's SHA-256 the first 16 bytes.</param>
internal sealed record SignedAnnouncement(string Data, string Security, Guid MessageId)
{
    public static SignedAnnouncement Of(FileAnnouncement announcement, ReadOnlySpan<byte> key)
    {
        var data = JsonSerializer.SerializeToUtf8Bytes(announcement, FileJson.Default.FileAnnouncement);
        var security = HMACSHA256.HashData(key, data);
        return new SignedAnnouncement(
            Encoding.UTF8.GetString(data), Convert.ToHexStringLower(security), new Guid(SHA256.HashData(security).AsSpan(0, 16)));
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(FileAnnouncement))]
internal sealed partial class FileJson : JsonSerializerContext;
