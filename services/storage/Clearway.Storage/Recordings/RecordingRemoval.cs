namespace Clearway.Storage.Recordings;

/// <summary>Deletes recordings: the bytes go at once, and a note stays so that the id is not used again.</summary>
internal sealed class RecordingRemoval(RecordingStore store, ManifestStore manifests, TenantUsage usage, ILogger<RecordingRemoval> log)
{
    public async Task<Outcome<StoredRecording>> RemoveAsync(StoredRecording recording, CancellationToken cancellationToken)
    {
        if (!await store.EraseAsync(recording, cancellationToken))
        {
            return Refusal.UploadBusy;
        }

        usage.Add(recording.Tenant, -recording.SizeBytes);

        // Only once it is deleted: else a recording that stays would be without what was said to it. Were the process dead between the two, the rest
        // would go with the note.
        await manifests.RemoveAsync(recording.Id, cancellationToken);
        LogCatalogue.Removed(log, recording.Id, recording.SizeBytes);
        return recording;
    }
}
