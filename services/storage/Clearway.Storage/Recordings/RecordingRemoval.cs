namespace Clearway.Storage.Recordings;

/// <summary>Deletes recordings: the bytes go at once, and a note stays so that the id is not used again.</summary>
internal sealed class RecordingRemoval(RecordingStore store, ManifestStore manifests, TenantUsage usage, ILogger<RecordingRemoval> log)
{
    public async Task<Outcome<StoredRecording>> RemoveAsync(StoredRecording recording, CancellationToken cancellationToken)
    {
        // First what stands beside it: were the note written and the process dead, nobody would look for the rest.
        await manifests.RemoveAsync(recording.Id, cancellationToken);
        if (!await store.EraseAsync(recording, cancellationToken))
        {
            return Refusal.UploadBusy;
        }

        usage.Add(recording.Tenant, -recording.SizeBytes);
        LogCatalogue.Removed(log, recording.Id, recording.SizeBytes);
        return recording;
    }
}
