using Clearway.Signaling.Cluster;
using Clearway.Signaling.Protocol;
using Clearway.Signaling.Rooms;
using Microsoft.Extensions.Options;

namespace Clearway.Signaling.Connections;

/// <summary>
/// How a node leaves. Readiness has failed and no connection is taken; the registry names no address, so that proxies send nobody;
/// after <see cref="SignalingOptions.DrainDelay"/> clients are asked to move, one after the other over
/// <see cref="SignalingOptions.DrainWindow"/>; then the node stays for as long as sessions are still handed over, at most
/// <see cref="SignalingOptions.DrainHandover"/>. The host's shutdown timeout ends all of it.
/// </summary>
internal sealed class Drain(
    OpenConnections open,
    NodeRegistry registry,
    RoomDirectory rooms,
    TimeProvider time,
    IOptions<SignalingOptions> options,
    ILogger<Drain> logger) : IHostedLifecycleService
{
    // On top of the window, so that those who were asked in the same moment do not come in the same moment.
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    private readonly SignalingOptions _options = options.Value;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        open.TakeNoMore();
        await registry.WithdrawAsync();
        if (open.Count == 0)
        {
            return;
        }

        try
        {
            await Task.Delay(_options.DrainDelay, time, cancellationToken);
            Log.Draining(logger, open.Count);
            await AskToMoveAsync(cancellationToken);
            await WhileAsync(() => open.Count > 0, _options.CloseTimeout * 2, cancellationToken);
            await WhileAsync(() => rooms.All().Any(room => room.HasSessions), _options.DrainHandover, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Log.DrainCut(logger, open.Count);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task AskToMoveAsync(CancellationToken cancellationToken)
    {
        Outbox[] connections = [.. open.All];
        Random.Shared.Shuffle(connections);
        var began = time.GetTimestamp();
        for (var i = 0; i < connections.Length; i++)
        {
            var wait = (_options.DrainWindow * i / connections.Length) - time.GetElapsedTime(began);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
            }

            connections[i].Close(CloseReason.ServerDraining with { RetryAfterMs = Jitter.Below(LongestRetry) });
        }
    }

    private async Task WhileAsync(Func<bool> condition, TimeSpan longest, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (condition() && time.GetElapsedTime(began) < longest)
        {
            await Task.Delay(BetweenLooks, time, cancellationToken);
        }
    }
}
