using Azure;
using Clearway.Storage.V1;

namespace Clearway.Storage.Recordings;

/// <summary>A recording as its media blob holds it.</summary>
internal sealed record StoredRecording
{
    public required RecordingId Id { get; init; }

    public required TenantId Tenant { get; init; }

    public required RoomId Room { get; init; }

    public required string Title { get; init; }

    public required ParticipantId RecordedBy { get; init; }

    /// <summary>Their display name when they began; empty where it is not known.</summary>
    public string RecordedByName { get; init; } = "";

    public RecordingKind Kind { get; init; } = RecordingKind.Meeting;

    public required DateTimeOffset CreatedAt { get; init; }

    public RecordingState State { get; init; } = RecordingState.Recording;

    /// <summary>Bytes stored durably.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Bytes that the upload will have in the end; null until its client has said so.</summary>
    public long? Length { get; init; }

    /// <summary>When bytes or what is known of them changed last.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>Part of what links sign: links of an earlier revision are no longer good.</summary>
    public int LinkRevision { get; init; }

    /// <summary>Whether the bytes lie in the archive tier, from where they have to be fetched before they can be read.</summary>
    public bool IsArchived { get; init; }

    /// <summary>When the bytes moved last between the archive and where they can be read; long ago when they never did.</summary>
    public DateTimeOffset TierChangedAt { get; init; }

    /// <summary>Null until sealed.</summary>
    public DateTimeOffset? SealedAt { get; init; }

    /// <summary>Length of the media; zero until sealed.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>SHA-256 of the sealed file in lower-case hex; empty until sealed.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Version of the blob that this was read from: a write that names it fails when another one came first.</summary>
    public ETag Version { get; init; }

    /// <summary>Strong entity tag of the sealed file (RFC 9110 section 8.8.3), the same for as long as its bytes are.</summary>
    public string EntityTag => $"\"{Sha256}\"";
}
