using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local.Servers;

/// <summary>A program that the model itself names.</summary>
internal sealed class ExecutableServer : ILocalServer
{
    public Task<ProcessSpec> PrepareAsync(ResourceStart start, CancellationToken cancellationToken)
    {
        var executable = (ExecutableResource)start.Resource;
        if (!Directory.Exists(executable.WorkingDirectory))
        {
            throw new DistributedApplicationException($"{executable.Name}: there is no folder {executable.WorkingDirectory}.");
        }

        var command = Programs.Find(executable.Command)
            ?? throw new DistributedApplicationException($"{executable.Name}: the program '{executable.Command}' is not installed.");
        var variables = start.Environment.ToDictionary();
        foreach (var endpoint in executable.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.PortVariable is not null))
        {
            variables[endpoint.PortVariable!] = endpoint.ReplicaPorts[start.Replica].ToString(CultureInfo.InvariantCulture);
        }

        // npm does not pass signals on to what it runs.
        return Task.FromResult(new ProcessSpec(command, start.Arguments) { WorkingDirectory = executable.WorkingDirectory, Environment = variables, SignalChildren = true });
    }
}
