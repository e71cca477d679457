using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.Local.Servers;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Local;

/// <summary>How applications run on this machine.</summary>
internal sealed record LocalHostOptions
{
    /// <summary>Tells the applications of several checkouts apart, in the names of their volumes.</summary>
    public required string ApplicationId { get; init; }

    /// <summary>Folder of the npm packages that serve as local servers.</summary>
    public required string ToolsDirectory { get; init; }

    /// <summary>Folder of the data volumes.</summary>
    public required string VolumesDirectory { get; init; }

    /// <summary>Build configuration of the projects, that of the AppHost.</summary>
    public required string BuildConfiguration { get; init; }

    /// <summary>Every port is a free one, whatever the model says; tests run side by side so.</summary>
    public bool RandomPorts { get; init; }

    /// <summary>Lines of the resources go to the console; else to the logger alone.</summary>
    public bool LogsToConsole { get; init; }

    /// <summary>How long a started resource may take until it is healthy.</summary>
    public TimeSpan HealthTimeout { get; init; }

    /// <summary>Where the dashboard is shown; null when there is none.</summary>
    public string? DashboardUrl { get; init; }

    /// <summary>An OTLP receiver, and its protocol; null when there is none.</summary>
    public (object Address, string Protocol)? Otlp { get; init; }

    public static LocalHostOptions From(DistributedApplicationBuilder builder, DashboardResource? dashboard)
    {
        var configuration = builder.Configuration;
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(builder.AppHostDirectory)))[..10];
        return new LocalHostOptions
        {
            ApplicationId = $"{builder.Environment.ApplicationName.ToLowerInvariant()}-{id}",
            ToolsDirectory = typeof(LocalHostOptions).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == "OfflineTools").Value!,
            VolumesDirectory = configuration["CLEARWAY_VOLUMES"] ?? DefaultVolumes(),
            BuildConfiguration = builder.AppHostAssembly?.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug",
            RandomPorts = configuration.GetValue("DcpPublisher:RandomizePorts", builder.IsTest),
            LogsToConsole = !builder.IsTest,
            HealthTimeout = configuration.GetValue("LocalHost:HealthTimeout", TimeSpan.FromMinutes(2)),
            DashboardUrl = configuration["LocalHost:DashboardUrl"],
            Otlp = dashboard is null ? OtlpOf(configuration) : (dashboard.Otlp, "grpc"),
        };
    }

    // Root's home is closed to the account that PostgreSQL runs as.
    private static string DefaultVolumes() => Environment.IsPrivilegedProcess
        ? "/var/lib/clearway/volumes"
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "clearway", "volumes");

    private static (object Address, string Protocol)? OtlpOf(ConfigurationManager configuration)
    {
        var grpc = configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] ?? configuration["DOTNET_DASHBOARD_OTLP_ENDPOINT_URL"];
        var http = configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] ?? configuration["DOTNET_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"];
        return grpc is not null ? (grpc, "grpc") : http is not null ? (http, "http/protobuf") : null;
    }
}
