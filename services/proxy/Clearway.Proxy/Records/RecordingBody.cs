using Clearway.Storage.V1;

namespace Clearway.Proxy.Records;

/// <summary>A recording as docs/rest-api.md has it; link, system data and security come with the answer to sealing it.</summary>
internal sealed record RecordingBody(
    string RecordingId,
    string RoomId,
    string Title,
    string Kind,
    string RecordedBy,
    string? RecordedByName,
    string State,
    long SizeBytes,
    long DurationMs,
    long CreatedAt,
    long? SealedAt,
    string? Sha256,
    bool IsArchived,
    string? Link = null,
    string? SystemData = null,
    string? Security = null)
{
    internal static RecordingBody Of(Recording recording) => new(
        recording.Id,
        recording.Room,
        recording.Title,
        recording.Kind == RecordingKind.Track ? "track" : "meeting",
        recording.RecordedBy,
        recording.RecordedByName.Length == 0 ? null : recording.RecordedByName,
        recording.State switch
        {
            RecordingState.Recording => "recording",
            RecordingState.Sealed => "sealed",
            RecordingState.Deleted => "deleted",
            _ => "failed",
        },
        recording.SizeBytes,
        recording.DurationMs,
        recording.CreatedAt,
        recording.SealedAt == 0 ? null : recording.SealedAt,
        recording.Sha256.Length == 0 ? null : recording.Sha256,
        recording.Archived);

    internal static RecordingBody Of(SealResponse answer) =>
        Of(answer.Recording) with
        {
            Link = answer.Link,
            SystemData = answer.SystemData.Length == 0 ? null : answer.SystemData,
            Security = answer.Security.Length == 0 ? null : answer.Security,
        };
}
