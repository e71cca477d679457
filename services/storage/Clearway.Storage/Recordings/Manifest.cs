using System.Text.Json;
using System.Text.Json.Serialization;

namespace Clearway.Storage.Recordings;

/// <summary>What stands beside a sealed recording, for backups and programs that know nothing of this service.</summary>
internal sealed record Manifest(
    string RecordingId,
    string Tenant,
    string Room,
    string Title,
    string RecordedBy,
    string State,
    long CreatedAt,
    long SealedAt,
    long SizeBytes,
    long DurationMs,
    string ContentType,
    string Sha256)
{
    public static BinaryData Write(StoredRecording recording) => new(JsonSerializer.SerializeToUtf8Bytes(
        new Manifest(
            recording.Id.Value,
            recording.Tenant.Value,
            recording.Room.Value,
            recording.Title,
            recording.RecordedBy.Value,
            RecordingMetadata.NameOf(recording.State),
            recording.CreatedAt.ToUnixTimeMilliseconds(),
            recording.SealedAt?.ToUnixTimeMilliseconds() ?? 0,
            recording.SizeBytes,
            (long)recording.Duration.TotalMilliseconds,
            "video/webm",
            recording.Sha256),
        ManifestJson.Default.Manifest));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(Manifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
