using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Clearway.ServiceDefaults;

/// <summary>Timeout, repetition and circuit breaker for HTTP and gRPC clients.</summary>
public static class ServiceResilience
{
    /// <summary>
    /// Bounds and repeats the calls of a client. A call that the breaker refuses or the timeout ends fails with
    /// <see cref="HttpRequestException"/>, which gRPC reports as UNAVAILABLE.
    /// </summary>
    /// <param name="client">An HTTP or gRPC client of the factory.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The same client builder.</returns>
    public static IHttpClientBuilder AddServiceResilience(this IHttpClientBuilder client, Action<ResilienceOptions>? configure = null)
    {
        var options = new ResilienceOptions();
        configure?.Invoke(options);

        // One pipeline a client: the factory renews handlers every few minutes, and the breaker must outlive them.
        client.Services.TryAddSingleton<CircuitTransitions>();
        client.Services.AddKeyedSingleton(client.Name, (services, _) => new ResiliencePipelineOf(
            client.Name, options, services.GetService<TimeProvider>(), services.GetRequiredService<CircuitTransitions>()));
        return client.AddHttpMessageHandler(services =>
            new ResilienceHandler(services.GetRequiredKeyedService<ResiliencePipelineOf>(client.Name)));
    }
}
