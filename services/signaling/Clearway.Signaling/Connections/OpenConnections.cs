using System.Collections.Concurrent;
using Clearway.Signaling.Protocol;
using Microsoft.Extensions.Options;

namespace Clearway.Signaling.Connections;

/// <summary>
/// The node's open connections. When the node stops, after readiness has failed, they are asked to go to another node, and their sessions
/// stay resumable there.
/// </summary>
internal sealed class OpenConnections(TimeProvider time, IOptions<SignalingOptions> options, ILogger<OpenConnections> logger)
    : IHostedLifecycleService
{
    private readonly ConcurrentDictionary<Outbox, TaskCompletionSource> _open = [];

    /// <summary>Whether the node takes no more connections.</summary>
    internal bool IsDraining { get; private set; }

    /// <summary>Counts a connection until the result is disposed.</summary>
    internal IDisposable Add(Outbox outbox)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[outbox] = ended;
        if (IsDraining)
        {
            outbox.Close(CloseReason.ServerDraining);
        }

        return new Entry(this, outbox, ended);
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        IsDraining = true;
        var open = _open.ToArray();
        Log.Draining(logger, open.Length);
        foreach (var (outbox, _) in open)
        {
            outbox.Close(CloseReason.ServerDraining);
        }

        var ended = Task.WhenAll(open.Select(pair => pair.Value.Task));
        await Task.WhenAny(ended, Task.Delay(options.Value.CloseTimeout * 2, time, cancellationToken));
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private sealed class Entry(OpenConnections connections, Outbox outbox, TaskCompletionSource ended) : IDisposable
    {
        public void Dispose()
        {
            connections._open.TryRemove(outbox, out _);
            ended.TrySetResult();
        }
    }
}
