using Clearway.Storage.V1;

namespace Clearway.Storage.Recordings;

/// <summary>What may be changed about a recording besides its bytes: its title, and which links to it are good.</summary>
internal sealed class RecordingChanges(RecordingStore store, RecordingLocator locator, ManifestStore manifests)
{
    // Whoever loses a race looks again; each round is won by someone.
    private const int MaxRounds = 5;

    public async Task<Outcome<StoredRecording>> RenameAsync(RenameRequest request, CancellationToken cancellationToken)
    {
        if (!RecordingTitle.IsValid(request.Title))
        {
            return Refusal.BadRequest("title");
        }

        var changed = await ChangeAsync(
            request.Id, request.Access, recording => recording with { Title = request.Title }, cancellationToken);
        if (changed.Value is { State: RecordingState.Sealed } renamed)
        {
            await manifests.WriteAsync(renamed, cancellationToken);
        }

        return changed;
    }

    public Task<Outcome<StoredRecording>> RevokeLinksAsync(RevokeLinksRequest request, CancellationToken cancellationToken) => ChangeAsync(
        request.Id, request.Access, recording => recording with { LinkRevision = recording.LinkRevision + 1 }, cancellationToken);

    private async Task<Outcome<StoredRecording>> ChangeAsync(
        string id, Access access, Func<StoredRecording, StoredRecording> change, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            if ((await locator.FindAsync(id, access, cancellationToken)).IsRefused(out var refusal, out var recording))
            {
                return refusal;
            }

            if (recording.IsArchived)
            {
                // Azure changes no metadata of a blob in the archive.
                await store.SetArchivedAsync(recording.Id, isArchived: false, cancellationToken);
                return Refusal.RecordingArchived;
            }

            if (await store.UpdateAsync(change(recording), cancellationToken) is { } changed)
            {
                return changed;
            }
        }

        return Refusal.UploadBusy;
    }
}
