using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local.Servers;

/// <summary>A project of the solution, run from its build output.</summary>
internal sealed class ProjectServer : ILocalServer
{
    // Set for the AppHost or the test runner, not for the services.
    private static readonly string[] _notInherited = ["ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "DOTNET_LAUNCH_PROFILE", "ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "DOTNET_STARTUP_HOOKS"];

    public async Task<ProcessSpec> PrepareAsync(ResourceStart start, CancellationToken cancellationToken)
    {
        var project = start.Resource.Annotations.OfType<IProjectMetadata>().Last().ProjectPath;
        var directory = Path.GetDirectoryName(project)!;
        var output = Path.Combine(directory, "bin", start.Options.BuildConfiguration, $"net{Environment.Version.Major}.0", $"{Path.GetFileNameWithoutExtension(project)}.dll");
        if (!File.Exists(output))
        {
            throw new DistributedApplicationException($"{start.Resource.Name}: {output} is missing. Build it: dotnet build {project} -c {start.Options.BuildConfiguration}");
        }

        return new ProcessSpec(DotNet(), ["exec", output, .. start.Arguments])
        {
            WorkingDirectory = directory,
            Environment = await VariablesAsync(start, cancellationToken).ConfigureAwait(false),
        };
    }

    private static string DotNet() =>
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? (Path.GetFileName(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet");

    private static async Task<Dictionary<string, string?>> VariablesAsync(ResourceStart start, CancellationToken cancellationToken)
    {
        var variables = _notInherited.ToDictionary(name => name, _ => (string?)null);
        foreach (var endpoint in start.Resource.Annotations.OfType<EndpointAnnotation>())
        {
            var address = $"{endpoint.UriScheme}://{endpoint.TargetHost}:{endpoint.ReplicaPorts[start.Replica]}";
            var variable = endpoint.PortVariable ?? "ASPNETCORE_URLS";
            variables[variable] = variable == "ASPNETCORE_URLS" && variables[variable] is { } others ? $"{others};{address}" : address;
        }

        if (start.Options.Otlp is var (otlp, protocol))
        {
            variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = otlp is IValueProvider value ? await value.GetValueAsync(cancellationToken).ConfigureAwait(false) : (string)otlp;
            variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol;
            variables["OTEL_SERVICE_NAME"] = start.Resource.Name;
            variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={start.Resource.Name}-{start.Replica}";

            // Development: data soon rather than in large batches (milliseconds), and all of it.
            variables["OTEL_BLRP_SCHEDULE_DELAY"] = variables["OTEL_BSP_SCHEDULE_DELAY"] = variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
            variables["OTEL_TRACES_SAMPLER"] = "always_on";
        }

        foreach (var (name, value) in start.Environment)
        {
            variables[name] = value;
        }

        return variables;
    }
}
