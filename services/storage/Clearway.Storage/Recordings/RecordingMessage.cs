using Clearway.Storage.V1;

namespace Clearway.Storage.Recordings;

/// <summary>A stored recording as the contract shows it.</summary>
internal static class RecordingMessage
{
    public static Recording From(StoredRecording recording) => new()
    {
        Id = recording.Id.Value,
        Tenant = recording.Tenant.Value,
        Room = recording.Room.Value,
        Title = recording.Title,
        RecordedBy = recording.RecordedBy.Value,
        State = recording.State,
        SizeBytes = recording.SizeBytes,
        CreatedAt = recording.CreatedAt.ToUnixTimeMilliseconds(),
        SealedAt = recording.SealedAt?.ToUnixTimeMilliseconds() ?? 0,
        DurationMs = (long)recording.Duration.TotalMilliseconds,
        ContentType = "video/webm",
        Sha256 = recording.Sha256,
    };
}
