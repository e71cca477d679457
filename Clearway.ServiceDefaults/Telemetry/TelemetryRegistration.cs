using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Clearway.ServiceDefaults.Telemetry;

/// <summary>
/// Logs, traces and metrics by OTLP, configured by the variables of the OpenTelemetry specification: nothing is collected unless
/// OTEL_EXPORTER_OTLP_ENDPOINT names a receiver; OTEL_EXPORTER_OTLP_PROTOCOL (grpc, http/protobuf), OTEL_EXPORTER_OTLP_HEADERS,
/// OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES are honoured.
/// </summary>
internal static class TelemetryRegistration
{
    private static readonly string[] Sources =
        ["Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "OpenTelemetry.Instrumentation.StackExchangeRedis", "Clearway.*"];

    private static readonly string[] Meters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting",
        "Microsoft.AspNetCore.Diagnostics", "System.Net.Http", "System.Runtime", "Npgsql", "Clearway.*",
    ];

    internal static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);

        // Both log one line a request with the query string, which carries link signatures and what people type.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);

        // Without it the server's spans have no attributes in .NET 10, and the sampler could not see their path.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);

        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            return;
        }

        builder.Services.AddSingleton<IStartupFilter, RequestSpanNames>();
        var resource = ServiceResource(builder);
        builder.Services.AddSingleton(services => Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(inner => inner.AddSingleton(services.GetRequiredService<IConfiguration>()))
            .SetResourceBuilder(resource)
            .SetSampler(new HealthRequestsUnsampled(new ParentBasedSampler(new AlwaysOnSampler())))
            .AddSource(Sources)
            .AddProcessor(new QueriesRemoved())
            .AddOtlpExporter()
            .Build());
        builder.Services.AddSingleton(services => Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(inner => inner.AddSingleton(services.GetRequiredService<IConfiguration>()))
            .SetResourceBuilder(resource)
            .AddMeter(Meters)
            .AddOtlpExporter()
            .Build());
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.SetResourceBuilder(resource);
            logs.AddOtlpExporter();
        });
        builder.Services.AddHostedService<TelemetryLifetime>();
    }

    private static ResourceBuilder ServiceResource(IHostApplicationBuilder builder)
    {
        // AddService first: OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win over the assembly's name.
        var resource = ResourceBuilder.CreateEmpty()
            .AddTelemetrySdk()
            .AddService(builder.Environment.ApplicationName);
        var attributes = ResourceAttributes.Parse(builder.Configuration["OTEL_RESOURCE_ATTRIBUTES"]);
        if (builder.Configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } name)
        {
            attributes["service.name"] = name;
        }

        return resource.AddAttributes(attributes);
    }
}
