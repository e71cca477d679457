using Clearway.Storage.V1;

namespace Clearway.Storage.Recordings;

/// <summary>How much a tenant may store, and for how long it is kept.</summary>
internal sealed class RecordingPolicy
{
    /// <summary>How long what was fetched from the archive stays out of it: whoever asked for it comes back for it.</summary>
    private static readonly TimeSpan FetchedLifetime = TimeSpan.FromDays(7);

    /// <summary>Bytes of all recordings together.</summary>
    public long QuotaBytes { get; set; } = long.MaxValue;

    /// <summary>How long after sealing a recording is deleted; null for never.</summary>
    public TimeSpan? Retention { get; set; }

    /// <summary>How long after sealing a recording moves to the archive; null for never.</summary>
    public TimeSpan? ArchiveAfter { get; set; }

    /// <summary>How long after its last bytes an upload is closed by itself: what came is sealed.</summary>
    public TimeSpan UnfinishedLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long it is remembered that an id was deleted.</summary>
    public TimeSpan NoteLifetime { get; set; } = TimeSpan.FromDays(30);

    public bool IsValid => QuotaBytes > 0
        && Retention is null or { Ticks: > 0 }
        && ArchiveAfter is null or { Ticks: > 0 }
        && UnfinishedLifetime > TimeSpan.Zero
        && NoteLifetime > TimeSpan.Zero;

    /// <summary>What is due for a recording.</summary>
    public Due DueFor(StoredRecording recording, DateTimeOffset now)
    {
        var age = now - (recording.SealedAt ?? recording.ChangedAt);
        return recording.State switch
        {
            RecordingState.Recording when now - recording.ChangedAt < UnfinishedLifetime => Due.Nothing,
            RecordingState.Recording => recording.SizeBytes == 0 ? Due.Deletion : Due.Sealing,
            RecordingState.Deleted => now - recording.ChangedAt < NoteLifetime ? Due.Nothing : Due.Forgetting,
            _ when age >= Retention => Due.Deletion,
            RecordingState.Sealed when age >= ArchiveAfter && !recording.IsArchived && now - recording.TierChangedAt >= FetchedLifetime =>
                Due.Archiving,
            _ => Due.Nothing,
        };
    }
}

/// <summary>What the janitor does with a recording.</summary>
internal enum Due
{
    Nothing,
    Sealing,
    Archiving,
    Deletion,
    Forgetting,
}
