using System.Globalization;
using Azure.Storage.Blobs.Models;
using Clearway.Storage.V1;

namespace Clearway.Storage.Recordings;

/// <summary>
/// Keeps a <see cref="StoredRecording"/> in the metadata of its media blob. Metadata changes in the same atomic write as the block list, so
/// state and bytes cannot disagree. Values are ASCII headers, hence title and name are percent-encoded.
/// </summary>
internal static class RecordingMetadata
{
    private const string Tenant = "tenant";
    private const string Room = "room";
    private const string Title = "title";
    private const string RecordedBy = "recordedby";
    private const string RecordedByName = "recordedbyname";
    private const string Kind = "kind";
    private const string State = "state";
    private const string CreatedAt = "createdat";
    private const string SealedAt = "sealedat";
    private const string DurationMs = "durationms";
    private const string Sha256 = "sha256";
    private const string Length = "length";
    private const string LinkRevision = "linkrevision";

    public static Dictionary<string, string> Write(StoredRecording recording)
    {
        var metadata = new Dictionary<string, string>
        {
            [Tenant] = recording.Tenant.Value,
            [Room] = recording.Room.Value,
            [Title] = Uri.EscapeDataString(recording.Title),
            [RecordedBy] = recording.RecordedBy.Value,
            [Kind] = NameOf(recording.Kind),
            [State] = NameOf(recording.State),
            [CreatedAt] = Number(recording.CreatedAt.ToUnixTimeMilliseconds()),
            [LinkRevision] = Number(recording.LinkRevision),
        };
        if (recording.RecordedByName.Length > 0)
        {
            metadata[RecordedByName] = Uri.EscapeDataString(recording.RecordedByName);
        }

        if (recording.Length is { } length)
        {
            metadata[Length] = Number(length);
        }

        if (recording.SealedAt is { } sealedAt)
        {
            metadata[SealedAt] = Number(sealedAt.ToUnixTimeMilliseconds());
            metadata[DurationMs] = Number((long)recording.Duration.TotalMilliseconds);
            metadata[Sha256] = recording.Sha256;
        }

        return metadata;
    }

    public static StoredRecording Read(RecordingId id, BlobProperties blob) => new()
    {
        Id = id,
        Tenant = new TenantId(blob.Metadata[Tenant]),
        Room = new RoomId(blob.Metadata[Room]),
        Title = Uri.UnescapeDataString(blob.Metadata[Title]),
        RecordedBy = new ParticipantId(blob.Metadata[RecordedBy]),
        RecordedByName = blob.Metadata.TryGetValue(RecordedByName, out var name) ? Uri.UnescapeDataString(name) : "",
        Kind = blob.Metadata.TryGetValue(Kind, out var kind) ? KindOf(kind) : RecordingKind.Meeting,
        CreatedAt = Time(blob.Metadata[CreatedAt]),
        State = StateOf(blob.Metadata[State]),
        SizeBytes = blob.ContentLength,
        Length = blob.Metadata.TryGetValue(Length, out var length) ? Number(length) : null,
        ChangedAt = blob.LastModified,
        LinkRevision = (int)Number(blob.Metadata[LinkRevision]),
        IsArchived = blob.AccessTier == "Archive",
        TierChangedAt = blob.AccessTierChangedOn,
        SealedAt = blob.Metadata.TryGetValue(SealedAt, out var sealedAt) ? Time(sealedAt) : null,
        Duration = blob.Metadata.TryGetValue(DurationMs, out var duration) ? TimeSpan.FromMilliseconds(Number(duration)) : default,
        Sha256 = blob.Metadata.TryGetValue(Sha256, out var sha256) ? sha256 : "",
        Version = blob.ETag,
    };

    /// <summary>The state's word, as metadata and manifest hold it.</summary>
    public static string NameOf(RecordingState state) => state switch
    {
        RecordingState.Recording => "recording",
        RecordingState.Sealed => "sealed",
        RecordingState.Failed => "failed",
        RecordingState.Deleted => "deleted",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "A stored recording has one of four states."),
    };

    /// <summary>The kind's word, as metadata, manifest and log hold it.</summary>
    public static string NameOf(RecordingKind kind) => kind switch
    {
        RecordingKind.Meeting => "meeting",
        RecordingKind.Track => "track",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A stored recording is of one of two kinds."),
    };

    private static RecordingKind KindOf(string name) => name switch
    {
        "meeting" => RecordingKind.Meeting,
        "track" => RecordingKind.Track,
        _ => throw new FormatException($"A blob says it is of kind '{name}'."),
    };

    private static RecordingState StateOf(string name) => name switch
    {
        "recording" => RecordingState.Recording,
        "sealed" => RecordingState.Sealed,
        "failed" => RecordingState.Failed,
        "deleted" => RecordingState.Deleted,
        _ => throw new FormatException($"A blob says it is in state '{name}'."),
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) => DateTimeOffset.FromUnixTimeMilliseconds(Number(text));
}
