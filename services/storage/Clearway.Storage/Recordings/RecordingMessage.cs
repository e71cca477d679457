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
        };
        if (recording.Length is { } length)
        {
            message.Length = length;
        }

        if (recording.State == RecordingState.Recording)
        {
            message.ExpiresAt = (recording.ChangedAt + limits.Value.PolicyOf(recording.Tenant).UnfinishedLifetime).ToUnixTimeMilliseconds();
        }

        return message;
    }
}
