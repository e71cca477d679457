using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Clearway.Proxy.Access;

/// <summary>How much one tenant may ask for through this proxy, over all its participants.</summary>
internal sealed class TenantLimits : IDisposable
{
    private readonly PartitionedRateLimiter<string> _limiter;

    public TenantLimits(IOptions<RequestLimitOptions> options) =>
        _limiter = PartitionedRateLimiter.Create<string, string>(tenant => RateLimitPartition.GetFixedWindowLimiter(
            tenant,
            _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = options.Value.TenantRequestsPerMinute,
                Window = TimeSpan.FromMinutes(1),
            }));

    /// <summary>Counts one request; the lease says whether it may pass, and when to come again.</summary>
    internal RateLimitLease Take(string tenant) => _limiter.AttemptAcquire(tenant);

    public void Dispose() => _limiter.Dispose();
}
