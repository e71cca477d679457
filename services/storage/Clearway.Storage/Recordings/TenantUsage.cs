using System.Collections.Concurrent;
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

    private readonly ConcurrentDictionary<TenantId, Count> _counts = new();

    /// <summary>Bytes that the tenant may still store; 0 or less when its quota is used up.</summary>
    public async ValueTask<long> RemainingAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var quota = limits.Value.PolicyOf(tenant).QuotaBytes;
        if (quota == long.MaxValue)
        {
            return long.MaxValue;
        }

        if (!_counts.TryGetValue(tenant, out var count) || time.GetElapsedTime(count.CountedAt) >= Freshness)
        {
            count = new Count(await SumAsync(tenant, cancellationToken), time.GetTimestamp());
            _counts[tenant] = count;
        }

        return quota - count.Bytes;
    }

    /// <summary>Takes note of bytes stored, or with a negative number freed.</summary>
    public void Add(TenantId tenant, long bytes)
    {
        while (_counts.TryGetValue(tenant, out var count)
            && !_counts.TryUpdate(tenant, count with { Bytes = count.Bytes + bytes }, count))
        {
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
