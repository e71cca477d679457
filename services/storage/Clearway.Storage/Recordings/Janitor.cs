using Azure;
using Microsoft.Extensions.Options;

namespace Clearway.Storage.Recordings;

/// <summary>
/// Goes through all recordings now and then and does what their tenant's policy asks for. Every step is one that may be done twice, so any
/// number of processes may do it at once, and one that dies in the middle leaves nothing half done.
/// </summary>
internal sealed class Janitor(
    RecordingStore store,
    RecordingIndex index,
    RecordingSeals seals,
    RecordingRemoval removal,
    ManifestStore manifests,
    IOptions<RecordingLimits> limits,
    TimeProvider time,
    ILogger<Janitor> log) : BackgroundService
{
    /// <summary>Between an entry of the index and its recording lies one write; whatever is older has no recording.</summary>
    private static readonly TimeSpan OrphanAge = TimeSpan.FromHours(1);

    /// <summary>Goes through all recordings once.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await foreach (var (tenant, id, addedAt) in index.AllAsync(cancellationToken))
        {
            try
            {
                await SweepAsync(tenant, id, addedAt, cancellationToken);
            }
            catch (RequestFailedException failure)
            {
                // The next round tries again; the other recordings must not wait for this one.
                LogCatalogue.SweepFailed(log, failure, id);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(limits.Value.JanitorInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is RequestFailedException or AggregateException)
            {
                LogCatalogue.SweepBroken(log, failure);
            }
        }
    }

    private async Task SweepAsync(TenantId tenant, RecordingId id, DateTimeOffset addedAt, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await store.FindAsync(id, cancellationToken) is not { } recording)
        {
            if (now - addedAt > OrphanAge)
            {
                await index.RemoveAsync(tenant, id, cancellationToken);
            }

            return;
        }

        if (recording.Tenant != tenant)
        {
            // Two tenants asked for the id at once: the recording is the other's, and so is its policy.
            await index.RemoveAsync(tenant, id, cancellationToken);
            return;
        }

        var due = limits.Value.PolicyOf(tenant).DueFor(recording, now);
        switch (due)
        {
            case Due.Sealing:
                await seals.SealAsync(recording, cancellationToken);
                break;
            case Due.Archiving:
                await store.SetArchivedAsync(id, isArchived: true, cancellationToken);
                break;
            case Due.Deletion:
                await removal.RemoveAsync(recording, cancellationToken);
                break;
            case Due.Forgetting:
                // What stood beside it may be there still, or again: by a change that raced the deletion, or a process that died in it.
                await manifests.RemoveAsync(id, cancellationToken);
                await store.ForgetAsync(id, cancellationToken);
                await index.RemoveAsync(tenant, id, cancellationToken);
                break;
            default:
                return;
        }

        LogCatalogue.Swept(log, id, due);
    }
}
