using Clearway.Storage.V1;
using Microsoft.Extensions.Options;

namespace Clearway.Storage.Recordings;

/// <summary>Stored recordings as the contract shows them.</summary>
internal sealed class RecordingMessage(IOptions<RecordingLimits> limits)
{
    public Recording From(StoredRecording recording)
    {
        var message = new Recording
        {
            Id = recording.Id.Value,
            Tenant = recording.Tenant.Value,
            Room = recording.Room.Value,
            Title = recording.Title,
            RecordedBy = recording.RecordedBy.Value,
            RecordedByName = recording.RecordedByName,
            Kind = recording.Kind,
            State = recording.State,
            SizeBytes = recording.SizeBytes,
            CreatedAt = recording.CreatedAt.ToUnixTimeMilliseconds(),
            SealedAt = recording.SealedAt?.ToUnixTimeMilliseconds() ?? 0,
            DurationMs = (long)recording.Duration.TotalMilliseconds,
            ContentType = "video/webm",
            Sha256 = recording.Sha256,
            Archived = recording.IsArchived,
            ExpiresAt = ExpiryOf(recording),
        };
        if (recording.Length is { } length)
        {
            message.Length = length;
        }

        return message;
    }

    /// <summary>When an upload that does not go on is closed by itself, in milliseconds since 1970-01-01T00:00:00Z; 0 when it is closed.</summary>
    public long ExpiryOf(StoredRecording recording) => recording.State == RecordingState.Recording
        ? (recording.ChangedAt + limits.Value.PolicyOf(recording.Tenant).UnfinishedLifetime).ToUnixTimeMilliseconds()
        : 0;
}
