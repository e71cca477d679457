using Clearway.Signaling.Cluster;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Clearway.Signaling.Tests;

/// <summary>When a node that starts is ready.</summary>
public sealed class RoomsOpenCheckTests
{
    [Fact]
    public async Task Node_ThatStarts_IsReadyOnceNewcomersAreLetIn_AndStaysSo()
    {
        var epoch = new RedisEpoch();
        var check = new RoomsOpenCheck(epoch);
        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync());

        epoch.Heard("1", redisTime: 1_000, completeAt: 60_000);
        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync());

        epoch.Heard("1", redisTime: 60_000, completeAt: 60_000);
        Assert.Equal(HealthStatus.Healthy, await StatusAsync());

        epoch.Heard("2", redisTime: 61_000, completeAt: 90_000);
        Assert.Equal(HealthStatus.Healthy, await StatusAsync());

        async Task<HealthStatus> StatusAsync() => (await check.CheckHealthAsync(new HealthCheckContext())).Status;
    }
}
