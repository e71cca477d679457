using Clearway.ServiceDefaults.Health;
using Clearway.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Hosting;

namespace Clearway.ServiceDefaults;

/// <summary>What every service of Clearway has before its first own line: telemetry, health, an orderly stop.</summary>
public static class ServiceDefaults
{
    /// <summary>
    /// Adds telemetry over OTLP, health checks and the stop sequence. Call it first: what is registered first stops last, so the
    /// spans and logs of the stop itself are still exported.
    /// </summary>
    /// <param name="builder">The service's host builder.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddTelemetry();
        builder.AddHealth();
        builder.AddOrderlyStop();
        return builder;
    }
}
