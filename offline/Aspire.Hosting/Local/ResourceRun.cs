using System.ComponentModel;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Local;

/// <summary>The life of one resource: wait, start every replica, ask until healthy, watch, stop.</summary>
internal sealed class ResourceRun(IResource resource, LocalHostOptions options, ResourceNotificationService notifications, ResourceLog log, string runDirectory)
{
    private static readonly TimeSpan _probeInterval = TimeSpan.FromMilliseconds(200);

    private readonly List<LocalProcess> _processes = [];
    private readonly List<LoadBalancer> _balancers = [];
    private Task _life = Task.CompletedTask;

    public IResource Resource { get; } = resource;

    /// <summary>What it waits for, its parent included.</summary>
    public IReadOnlyList<IResource> Dependencies { get; } =
    [
        .. resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource),
        .. resource is IResourceWithParent child ? [child.Parent] : Array.Empty<IResource>(),
    ];

    public static int ReplicasOf(IResource resource) => resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;

    /// <summary>Starts the life in the background.</summary>
    /// <param name="onFailure">Called when the resource cannot start for a reason of its own.</param>
    /// <param name="stop">Ends it.</param>
    public void Begin(Action<Exception> onFailure, CancellationToken stop)
    {
        Publish(KnownResourceStates.Waiting);
        _life = Task.Run(() => LiveAsync(onFailure, stop), CancellationToken.None);
    }

    /// <summary>Returns when its processes and their children are gone.</summary>
    public async Task StopAsync()
    {
        await _life.ConfigureAwait(false);
        Publish(KnownResourceStates.Stopping);
        foreach (var balancer in _balancers)
        {
            await balancer.DisposeAsync().ConfigureAwait(false);
        }

        await Task.WhenAll(_processes.Select(process => process.StopAsync())).ConfigureAwait(false);
        Publish(KnownResourceStates.Finished);
    }

    private async Task LiveAsync(Action<Exception> onFailure, CancellationToken stop)
    {
        try
        {
            if (Resource.Annotations.OfType<ExplicitStartupAnnotation>().Any())
            {
                Publish(KnownResourceStates.NotStarted);
                return;
            }

            if (!await DependenciesAreHealthyAsync(stop).ConfigureAwait(false))
            {
                return;
            }

            Publish(KnownResourceStates.Starting);
            await StartAsync(stop).ConfigureAwait(false);
            Publish(KnownResourceStates.Running);
            await BecomeHealthyAsync(stop).ConfigureAwait(false);
            Publish(KnownResourceStates.Running, HealthStatus.Healthy);
            _ = WatchAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped before it was healthy.
        }
        catch (ServerUnavailableException exception)
        {
            log.Write(exception.Message);
            Publish(KnownResourceStates.RuntimeUnhealthy, reason: exception.Message);
        }
        catch (Exception exception)
        {
            var failure = exception as DistributedApplicationException ?? new DistributedApplicationException($"{Resource.Name}: {exception.Message}");
            Publish(KnownResourceStates.FailedToStart, reason: failure.Message);
            onFailure(failure);
        }
    }

    private async Task<bool> DependenciesAreHealthyAsync(CancellationToken stop)
    {
        foreach (var dependency in Dependencies)
        {
            try
            {
                var startIsEnough = Resource.Annotations.OfType<WaitAnnotation>().Any(wait => wait.Resource == dependency && wait.WaitType == WaitType.WaitUntilStarted);
                await (startIsEnough
                    ? notifications.WaitForResourceAsync(dependency.Name, KnownResourceStates.Running, stop)
                    : notifications.WaitForResourceHealthyAsync(dependency.Name, stop)).ConfigureAwait(false);
            }
            catch (DistributedApplicationException exception)
            {
                // The dependency has reported its failure itself.
                Publish(KnownResourceStates.FailedToStart, reason: exception.Message);
                return false;
            }
        }

        return true;
    }

    private async Task StartAsync(CancellationToken stop)
    {
        if (KnownServers.For(Resource) is not { } server)
        {
            return;
        }

        var replicas = ReplicasOf(Resource);
        for (var replica = 0; replica < replicas; replica++)
        {
            var start = new ResourceStart(Resource, replica, options, log)
            {
                Environment = await ResourceValues.EnvironmentAsync(Resource, replica, stop).ConfigureAwait(false),
                Arguments = await ResourceValues.ArgumentsAsync(Resource, replica, stop).ConfigureAwait(false),
                RunDirectory = runDirectory,
            };
            var spec = await server.PrepareAsync(start, stop).ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
            try
            {
                _processes.Add(await LocalProcess.StartAsync(spec, log.Write).ConfigureAwait(false));
            }
            catch (Win32Exception exception)
            {
                throw new DistributedApplicationException($"{Resource.Name}: {exception.Message}. The programs setsid and setpriv are needed: apt-get install util-linux");
            }
        }

        if (replicas > 1)
        {
            _balancers.AddRange(Resource.Annotations.OfType<EndpointAnnotation>()
                .Select(endpoint => LoadBalancer.Start(endpoint.AllocatedEndpoint!.Port, endpoint.ReplicaPorts)));
        }
    }

    private async Task BecomeHealthyAsync(CancellationToken stop)
    {
        foreach (var creation in Resource.Annotations.OfType<CreateInParentAnnotation>())
        {
            await creation.Create(stop).ConfigureAwait(false);
        }

        using var timeout = new CancellationTokenSource(options.HealthTimeout);
        foreach (var check in Resource.Annotations.OfType<HealthProbeAnnotation>())
        {
            for (var replica = 0; replica < Math.Max(1, _processes.Count); replica++)
            {
                while (await check.Probe(replica, stop).ConfigureAwait(false) is { } complaint)
                {
                    ThrowIfEnded();
                    if (timeout.IsCancellationRequested)
                    {
                        throw new DistributedApplicationException(
                            $"{Resource.Name}: not healthy {options.HealthTimeout.TotalSeconds:0} s after its start ({complaint}). Its lines above say more.");
                    }

                    await Task.Delay(_probeInterval, stop).ConfigureAwait(false);
                }
            }
        }

        ThrowIfEnded();
    }

    private void ThrowIfEnded()
    {
        if (_processes.Find(process => process.Exited.IsCompleted) is { } ended)
        {
            throw new DistributedApplicationException($"{Resource.Name}: ended with code {ended.Exited.Result} instead of starting: {log.LastWords() ?? "it wrote nothing"}");
        }
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        if (_processes.Count == 0)
        {
            return;
        }

        // One replica of several may end: the balancer sends clients to the others.
        var exitCodes = await Task.WhenAll(_processes.Select(async process =>
        {
            var code = await process.Exited.ConfigureAwait(false);
            if (!stop.IsCancellationRequested)
            {
                log.Write($"ended with code {code}");
            }

            return code;
        })).ConfigureAwait(false);
        if (!stop.IsCancellationRequested)
        {
            Publish(KnownResourceStates.Exited, reason: $"{Resource.Name}: ended with code {exitCodes.Max()}", exitCode: exitCodes.Max());
        }
    }

    private void Publish(string state, HealthStatus? health = null, string? reason = null, int? exitCode = null) =>
        notifications.Publish(Resource, new CustomResourceSnapshot { State = state, HealthStatus = health, Reason = reason, ExitCode = exitCode });
}
