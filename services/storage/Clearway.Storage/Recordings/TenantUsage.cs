using Microsoft.Extensions.Options;

namespace Clearway.Storage.Recordings;

/// <summary>
/// How many bytes each tenant has stored. Counted from the blobs now and then, and kept up in between with what this process stores, so
/// several processes together may pass a quota by what they take in within <see cref="Freshness"/>.
/// </summary>
internal sealed class TenantUsage(
    RecordingIndex index, RecordingLocator locator, IOptions<RecordingLimits> limits, TimeProvider time)
{
    public static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    private const int PageSize = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<TenantId, Count> _counts = []; // guarded by _gate
    private readonly Dictionary<TenantId, long> _reserved = []; // guarded by _gate

    /// <summary>Bytes that the tenant may still store; 0 or less when its quota is used up.</summary>
    public async ValueTask<long> RemainingAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await CountAsync(tenant, cancellationToken);
        lock (_gate)
        {
            return Remaining(tenant);
        }
    }

    /// <summary>
    /// Sets bytes of the quota aside for an upload, so that of those who upload at once not each takes all that is left. They are given back by
    /// <see cref="Release"/>, after <see cref="Add"/> when they were stored.
    /// </summary>
    /// <returns>False when the tenant may not store so many more.</returns>
    public async ValueTask<bool> TryReserveAsync(TenantId tenant, long bytes, CancellationToken cancellationToken)
    {
        await CountAsync(tenant, cancellationToken);
        lock (_gate)
        {
            if (Remaining(tenant) < bytes)
            {
                return false;
            }

            _reserved[tenant] = _reserved.GetValueOrDefault(tenant) + bytes;
            return true;
        }
    }

    /// <summary>Gives bytes back that were set aside.</summary>
    public void Release(TenantId tenant, long bytes)
    {
        lock (_gate)
        {
            if ((_reserved[tenant] = _reserved.GetValueOrDefault(tenant) - bytes) == 0)
            {
                _reserved.Remove(tenant);
            }
        }
    }

    /// <summary>Takes note of bytes stored, or with a negative number freed.</summary>
    public void Add(TenantId tenant, long bytes)
    {
        lock (_gate)
        {
            if (_counts.TryGetValue(tenant, out var count))
            {
                _counts[tenant] = count with { Bytes = count.Bytes + bytes };
            }
        }
    }

    private bool IsLimited(TenantId tenant) => limits.Value.PolicyOf(tenant).QuotaBytes != long.MaxValue;

    private long Remaining(TenantId tenant) => IsLimited(tenant)
        ? limits.Value.PolicyOf(tenant).QuotaBytes - _counts[tenant].Bytes - _reserved.GetValueOrDefault(tenant)
        : long.MaxValue;

    private async ValueTask CountAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!IsLimited(tenant) || (_counts.TryGetValue(tenant, out var known) && time.GetElapsedTime(known.CountedAt) < Freshness))
            {
                return;
            }
        }

        var count = new Count(await SumAsync(tenant, cancellationToken), time.GetTimestamp());
        lock (_gate)
        {
            _counts[tenant] = count;
        }
    }

    private async Task<long> SumAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var sum = 0L;
        await foreach (var (ids, _) in index.PagesAsync(tenant, null, PageSize, cancellationToken))
        {
            var recordings = await locator.FindAllAsync(ids, cancellationToken);
            sum += recordings.Where(recording => recording.Tenant == tenant).Sum(recording => recording.SizeBytes);
        }

        return sum;
    }

    private sealed record Count(long Bytes, long CountedAt);
}
