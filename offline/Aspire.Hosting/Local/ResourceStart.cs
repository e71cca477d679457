using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>All that is known of one replica when its process is about to start.</summary>
internal sealed record ResourceStart(IResource Resource, int Replica, LocalHostOptions Options, ResourceLog Log)
{
    /// <summary>Values of the model's <c>WithEnvironment</c> and <c>WithReference</c> calls.</summary>
    public required IReadOnlyDictionary<string, string?> Environment { get; init; }

    /// <summary>Values of the model's <c>WithArgs</c> calls.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>A folder for files that only this run needs; deleted at the end.</summary>
    public required string RunDirectory { get; init; }

    /// <summary>Whether the data stays when the application stops.</summary>
    public bool KeepsData => Resource.Annotations.OfType<ContainerMountAnnotation>().Any();

    /// <summary>The folder of the server's data: that of its mount, or else one that is deleted at the end.</summary>
    public string DataDirectory()
    {
        var mount = Resource.Annotations.OfType<ContainerMountAnnotation>().LastOrDefault();
        var directory = mount switch
        {
            null => Path.Combine(RunDirectory, "data"),
            { Type: ContainerMountType.BindMount } => mount.Source!,
            _ => Path.Combine(Options.VolumesDirectory, mount.Source ?? $"{Options.ApplicationId}-{Resource.Name}-data"),
        };
        Directory.CreateDirectory(directory);
        return directory;
    }

    /// <summary>The port on which this replica listens for <paramref name="endpointName"/>.</summary>
    public int Port(string endpointName) =>
        new EndpointReference((IResourceWithEndpoints)Resource, endpointName).EndpointAnnotation.ReplicaPorts[Replica];
}

/// <summary>A server that can be started as a local process.</summary>
internal interface ILocalServer
{
    /// <summary>Prepares its data and says what to start.</summary>
    /// <exception cref="DistributedApplicationException">It cannot be started; the message says why and what to do.</exception>
    Task<ProcessSpec> PrepareAsync(ResourceStart start, CancellationToken cancellationToken);
}

/// <summary>A server of the model that this machine does not have, and whose absence does not end the start.</summary>
internal sealed class ServerUnavailableException(string message) : DistributedApplicationException(message);
