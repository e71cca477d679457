using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Local;

/// <summary>What a project itself says about its run: Kestrel's endpoints, else the addresses of its launch profile, and the latter's variables.</summary>
internal sealed record ProjectSettings(IReadOnlyList<EndpointAnnotation> Endpoints, IReadOnlyDictionary<string, string> EnvironmentVariables)
{
    /// <summary>Reads <c>appsettings.json</c> and <c>Properties/launchSettings.json</c> beside the project file.</summary>
    /// <exception cref="DistributedApplicationException">There is no such project, or one of the files is not JSON.</exception>
    public static ProjectSettings Read(string projectPath)
    {
        var directory = Path.GetDirectoryName(projectPath)!;
        if (!File.Exists(projectPath))
        {
            throw new DistributedApplicationException($"There is no project {projectPath}: restore it or remove its reference from the AppHost.");
        }

        var profile = Load(directory, "Properties/launchSettings.json").GetSection("profiles").GetChildren()
            .FirstOrDefault(candidate => candidate["commandName"] == "Project");
        var variables = profile?.GetSection("environmentVariables").GetChildren().ToDictionary(entry => entry.Key, entry => entry.Value ?? "") ?? [];
        var endpoints = KestrelEndpoints(directory).ToList();
        if (endpoints.Count == 0)
        {
            endpoints.AddRange(ProfileEndpoints(profile?["applicationUrl"]));
        }

        return new ProjectSettings(endpoints, variables);
    }

    private static IEnumerable<EndpointAnnotation> KestrelEndpoints(string directory)
    {
        var configured = Load(directory, "appsettings.json", "appsettings.Development.json").GetSection("Kestrel:Endpoints").GetChildren()
            .Where(endpoint => endpoint["Url"] is not null)
            .Select(endpoint => (endpoint.Key, Address: BindingAddress.Parse(endpoint["Url"]!), IsHttp2: endpoint["Protocols"] == "Http2"))
            .ToList();
        foreach (var ofScheme in configured.GroupBy(endpoint => endpoint.Address.Scheme))
        {
            // A lone endpoint is named after its scheme, several keep their own names, as in Aspire itself.
            foreach (var endpoint in ofScheme)
            {
                var name = ofScheme.Count() == 1 ? ofScheme.Key : endpoint.Key;
                yield return Endpoint(name, endpoint.Address, endpoint.IsHttp2 ? "http2" : "http", $"Kestrel__Endpoints__{name}__Url");
            }
        }
    }

    private static IEnumerable<EndpointAnnotation> ProfileEndpoints(string? urls)
    {
        var names = new Dictionary<string, int>();
        foreach (var url in (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var address = BindingAddress.Parse(url);
            var count = names[address.Scheme] = names.GetValueOrDefault(address.Scheme) + 1;
            yield return Endpoint(count == 1 ? address.Scheme : $"{address.Scheme}{count}", address, "http", "ASPNETCORE_URLS");
        }
    }

    private static EndpointAnnotation Endpoint(string name, BindingAddress address, string transport, string variable) =>
        new(ProtocolType.Tcp, address.Scheme, transport, name, address.Port) { TargetHost = address.Host, PortVariable = variable };

    private static IConfigurationRoot Load(string directory, params string[] files)
    {
        var builder = new ConfigurationBuilder().SetBasePath(directory);
        foreach (var file in files)
        {
            builder.AddJsonFile(file, optional: true, reloadOnChange: false);
        }

        try
        {
            return builder.Build();
        }
        catch (InvalidDataException exception)
        {
            throw new DistributedApplicationException($"{exception.Message} {exception.InnerException?.Message}");
        }
    }
}
