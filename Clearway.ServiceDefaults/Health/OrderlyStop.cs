using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Clearway.ServiceDefaults.Health;

/// <summary>How a service leaves: readiness fails, the drain delay passes, then the server stops.</summary>
internal sealed class StopOptions
{
    /// <summary>Time between failing readiness and closing the listener, for load balancers to notice. Default zero.</summary>
    public TimeSpan DrainDelay { get; set; }

    /// <summary>Longest time for requests in flight to end after that. Default 25 s, below the 30 s that orchestrators grant.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(25);
}

internal static class OrderlyStopRegistration
{
    internal static void AddOrderlyStop(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<StopOptions>()
            .Bind(builder.Configuration.GetSection("Stop"))
            .Validate(
                o => o.DrainDelay >= TimeSpan.Zero && o.Timeout > TimeSpan.Zero,
                "Stop:DrainDelay and Stop:Timeout must not be negative.")
            .ValidateOnStart();
        builder.Services.AddOptions<HostOptions>()
            .Configure<IOptions<StopOptions>>((host, stop) => host.ShutdownTimeout = stop.Value.DrainDelay + stop.Value.Timeout);
        builder.Services.AddHostedService<DrainDelay>();
        builder.Services.AddHealthChecks().AddCheck<StoppingCheck>("stopping");
    }
}

/// <summary>Unhealthy from the moment the host is asked to stop.</summary>
internal sealed class StoppingCheck(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested
            ? HealthCheckResult.Unhealthy("The service is stopping.")
            : HealthCheckResult.Healthy());
}

internal sealed class DrainDelay(IOptions<StopOptions> options, TimeProvider time) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) =>
        options.Value.DrainDelay == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(options.Value.DrainDelay, time, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
