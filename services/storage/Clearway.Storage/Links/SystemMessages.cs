using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Clearway.ServiceDefaults;
using Clearway.Storage.Recordings;
using Microsoft.Extensions.Options;

namespace Clearway.Storage.Links;

/// <summary>The chat line that announces a recording: JSON, and HMAC-SHA256 over exactly its UTF-8 bytes in lower-case hex.</summary>
internal sealed class SystemMessages(IOptions<SystemMessageOptions> options)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(options.Value.Key);

    public (string Data, string Security) Announce(StoredRecording recording, string link)
    {
        var announcement = new RecordingAnnouncement(
            "recording",
            recording.Room.Value,
            recording.Id.Value,
            recording.Title,
            recording.SizeBytes,
            (long)recording.Duration.TotalMilliseconds,
            link,
            recording.SealedAt?.ToUnixTimeMilliseconds() ?? 0);
        var data = JsonSerializer.SerializeToUtf8Bytes(announcement, AnnouncementJson.Default.RecordingAnnouncement);
        return (Encoding.UTF8.GetString(data), Convert.ToHexStringLower(HMACSHA256.HashData(_key, data)));
    }
}

/// <summary>Members of the system message, times in milliseconds since 1970-01-01T00:00:00Z.</summary>
internal sealed record RecordingAnnouncement(
    string Kind, string Room, string RecordingId, string Title, long SizeBytes, long DurationMs, string Link, long SealedAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RecordingAnnouncement))]
internal sealed partial class AnnouncementJson : JsonSerializerContext;
