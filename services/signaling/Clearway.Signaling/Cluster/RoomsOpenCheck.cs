using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Clearway.Signaling.Cluster;

/// <summary>
/// Readiness at the start: a node that starts beside others, before Redis knows any of them, is ready when newcomers are let in. Later it stays
/// ready whatever Redis does: connections that are open go on, and the proxy must not lose its gateway.
/// </summary>
internal sealed class RoomsOpenCheck(RedisEpoch epoch) : IHealthCheck
{
    private bool _wasOpen;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        _wasOpen = _wasOpen || epoch.IsComplete;
        return Task.FromResult(_wasOpen ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("Rooms are not open to newcomers yet."));
    }
}
