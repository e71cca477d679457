using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Local;

/// <summary>Gives every endpoint its port, starts all resources at once, each as soon as what it waits for is healthy, and stops them in reverse.</summary>
internal sealed class LocalOrchestrator(DistributedApplicationModel model, ResourceNotificationService notifications, ILoggerFactory loggers, LocalHostOptions options) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<IResource, ResourceRun> _runs = [];
    private string? _runDirectory;

    /// <summary>Faulted by the first resource that could not start; never completes otherwise.</summary>
    public Task Failure => _failure.Task;

    /// <summary>Allocates the endpoints and begins the starts.</summary>
    /// <exception cref="DistributedApplicationException">A port is taken.</exception>
    public void Start()
    {
        var sharedPorts = new Dictionary<(IResource, int), int>();
        foreach (var resource in model.Resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
            {
                Allocate(resource, endpoint, sharedPorts);
            }
        }

        _runDirectory = RunFolder.Create();
        foreach (var (resource, index) in model.Resources.Where(resource => resource is not ParameterResource || resource is IResourceWithConnectionString).Select((resource, index) => (resource, index)))
        {
            var category = $"{typeof(LocalOrchestrator).Namespace}.Resources.{resource.Name}";
            var log = new ResourceLog(resource.Name, index, options.LogsToConsole, loggers.CreateLogger(category));
            _runs[resource] = new ResourceRun(resource, options, notifications, log, Directory.CreateDirectory(Path.Combine(_runDirectory, resource.Name)).FullName);
        }

        foreach (var run in _runs.Values)
        {
            run.Begin(exception => _failure.TrySetException(exception), _stop.Token);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    /// <summary>Stops what waits on others first; no process and no temporary folder is left afterwards.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        var stops = new Dictionary<IResource, Task>();
        foreach (var resource in _runs.Keys)
        {
            _ = StopOf(resource);
        }

        await Task.WhenAll(stops.Values).ConfigureAwait(false);
        if (_runDirectory is not null)
        {
            RunFolder.Delete(_runDirectory);
            _runDirectory = null;
        }

        Task StopOf(IResource resource)
        {
            if (!stops.TryGetValue(resource, out var stop))
            {
                var dependents = _runs.Values.Where(run => run.Dependencies.Contains(resource)).Select(run => StopOf(run.Resource)).ToList();
                stops[resource] = stop = StopAfterAsync(dependents, _runs[resource]);
            }

            return stop;
        }

        static async Task StopAfterAsync(IEnumerable<Task> dependents, ResourceRun run)
        {
            await Task.WhenAll(dependents).ConfigureAwait(false);
            await run.StopAsync().ConfigureAwait(false);
        }
    }

    private void Allocate(IResource resource, EndpointAnnotation endpoint, Dictionary<(IResource, int), int> sharedPorts)
    {
        var port = endpoint.Port is { } wished && !options.RandomPorts ? wished : 0;

        // In a container one server may listen for UDP and TCP on one port; so it does here.
        if (endpoint.TargetPort is { } target && sharedPorts.TryGetValue((resource, target), out var shared))
        {
            port = shared;
        }
        else if (port == 0)
        {
            port = PortAllocator.FreePort();
        }
        else if (endpoint.Protocol == ProtocolType.Tcp && !PortAllocator.IsFree(port))
        {
            throw new DistributedApplicationException($"{resource.Name}: port {port} is taken by another program. See which with: ss -ltnp 'sport = :{port}', stop it and start again.");
        }

        if (endpoint.TargetPort is { } inContainer)
        {
            sharedPorts[(resource, inContainer)] = port;
        }

        var replicas = ResourceRun.ReplicasOf(resource);
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", port);
        endpoint.ReplicaPorts = replicas == 1 ? [port] : [.. Enumerable.Range(0, replicas).Select(_ => PortAllocator.FreePort())];
    }
}
