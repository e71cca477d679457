using Clearway.ServiceDefaults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Clearway.Proxy.Health;

/// <summary>Readiness of the whole: the proxy is as ready as the four services behind it.</summary>
internal static class ServiceProbes
{
    private static readonly string[] Services = ["signaling", "auth", "chat", "storage"];

    internal static void AddServiceProbes(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpClient(ServiceProbe.ClientName, client => client.Timeout = ServiceProbe.Timeout);
        foreach (var service in Services)
        {
            var address = new Uri(builder.Configuration.GetServiceAddress(service, "http"), "/health/ready");
            builder.Services.AddKeyedSingleton(service, (services, _) => new ServiceProbe(
                address,
                services.GetRequiredService<IHttpClientFactory>(),
                services.GetRequiredService<TimeProvider>()));
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                service,
                services => services.GetRequiredKeyedService<ServiceProbe>(service),
                failureStatus: HealthStatus.Unhealthy,
                tags: null));
        }
    }
}

/// <summary>
/// Asks a service whether it is ready, at most once in <see cref="Freshness"/>: the endpoint is open to everybody, and must not multiply
/// what one request costs.
/// </summary>
internal sealed class ServiceProbe(Uri address, IHttpClientFactory clients, TimeProvider time) : IHealthCheck
{
    internal const string ClientName = "service-probe";

    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);
    internal static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<HealthCheckResult>? _last; // guarded by _gate
    private DateTimeOffset _lastAt; // guarded by _gate

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_last is null || (_last.IsCompleted && now - _lastAt >= Freshness))
            {
                _last = AskAsync();
                _lastAt = now;
            }

            return _last.WaitAsync(cancellationToken);
        }
    }

    private async Task<HealthCheckResult> AskAsync()
    {
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var answer = await client.GetAsync(address);
            return answer.IsSuccessStatusCode
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"The service answers {(int)answer.StatusCode}.");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return HealthCheckResult.Unhealthy("The service does not answer.", exception);
        }
    }
}
