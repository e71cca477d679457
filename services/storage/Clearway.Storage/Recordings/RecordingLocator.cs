using Clearway.Storage.Links;
using Clearway.Storage.V1;

namespace Clearway.Storage.Recordings;

/// <summary>
/// Finds recordings for those who may have them, wherever their bytes are: still uploading, sealed or in the archive. Every call that names
/// a recording comes through here.
/// </summary>
internal sealed class RecordingLocator(RecordingStore store, RecordingIndex index, UploadKeys keys)
{
    /// <summary>Pages that one call looks through for matches, before it hands the cursor back.</summary>
    private const int MaxPages = 10;

    /// <summary>Finds one recording.</summary>
    /// <returns>The recording, or why this caller does not get it: to another tenant it does not exist.</returns>
    public async Task<Outcome<StoredRecording>> FindAsync(string id, Access? access, CancellationToken cancellationToken)
    {
        if (!RecordingId.TryParse(id, out var parsed))
        {
            return Refusal.RecordingIdMalformed;
        }

        var recording = await store.FindAsync(parsed, cancellationToken);
        if (access is { UploadKey.Length: > 0 })
        {
            return recording is not null && keys.IsKeyOf(recording, access.UploadKey)
                ? recording.State == RecordingState.Deleted ? Refusal.NotFound : recording
                : Refusal.UploadKeyRefused;
        }

        if (recording is null or { State: RecordingState.Deleted } || recording.Tenant.Value != access?.Tenant)
        {
            return Refusal.NotFound;
        }

        return access.Room.Length > 0 && recording.Room.Value != access.Room ? Refusal.RoomForbidden : recording;
    }

    /// <summary>Lists recordings, newest first.</summary>
    /// <exception cref="Azure.RequestFailedException">Status 400: the cursor is none of ours.</exception>
    public async Task<(IReadOnlyList<StoredRecording> Recordings, string? Cursor)> ListAsync(
        ListRequest request, CancellationToken cancellationToken)
    {
        var found = new List<StoredRecording>();
        var cursor = request.Cursor.Length == 0 ? null : request.Cursor;
        var pages = 0;
        await foreach (var (ids, next) in index.PagesAsync(new TenantId(request.Access.Tenant), cursor, request.Limit, cancellationToken))
        {
            found.AddRange((await FindAllAsync(ids, cancellationToken)).Where(recording => IsWanted(recording, request)));
            if (next is null || found.Count > 0 || ++pages == MaxPages)
            {
                return (found, next);
            }
        }

        return (found, null);
    }

    /// <summary>Reads many at once, in the order of their ids; those that are not there are left out.</summary>
    public async Task<IReadOnlyList<StoredRecording>> FindAllAsync(IReadOnlyList<RecordingId> ids, CancellationToken cancellationToken)
    {
        var found = new StoredRecording?[ids.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, ids.Count, parallel, async (i, cancel) => found[i] = await store.FindAsync(ids[i], cancel));
        return [.. found.OfType<StoredRecording>()];
    }

    private static bool IsWanted(StoredRecording recording, ListRequest request) =>
        recording.Tenant.Value == request.Access.Tenant
        && recording.State != RecordingState.Deleted
        && (request.State == RecordingState.Unspecified || recording.State == request.State)
        && (request.Access.Room.Length == 0 || recording.Room.Value == request.Access.Room)
        && recording.Title.Contains(request.Search, StringComparison.OrdinalIgnoreCase);
}
