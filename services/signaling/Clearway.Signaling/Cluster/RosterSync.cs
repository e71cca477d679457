using Clearway.Signaling.Rooms;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Clearway.Signaling.Cluster;

/// <summary>
/// Compares the rooms of this node with Redis again and again: finds what was missed between nodes, ends what dead nodes left behind, and
/// puts back what Redis lost.
/// </summary>
internal sealed class RosterSync(
    RoomDirectory rooms,
    Roster roster,
    ClusterOutbox cluster,
    TimeProvider time,
    IOptions<SignalingOptions> options,
    ILogger<RosterSync> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SyncInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await SyncAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async Task SyncAsync(CancellationToken stoppingToken)
    {
        foreach (var room in rooms.All())
        {
            stoppingToken.ThrowIfCancellationRequested();
            try
            {
                await SyncAsync(room);
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                // The others would fail alike: the next round asks again.
                Log.RedisDoesNotAnswer(logger, "sync", exception);
                return;
            }
        }
    }

    private async Task SyncAsync(Room room)
    {
        foreach (var (session, entry, isLost) in room.Reconcile(await roster.SyncAsync(room.Id)))
        {
            var change = isLost && room.Policy is { } policy
                ? await roster.RestoreAsync(session, entry, policy, room.Orders)
                : await roster.ChangeAsync(session, awayUntil: 0);
            if (change is not null)
            {
                var news = new ClusterMessage.Entered(room.Id, change.Entry);
                room.Take(news);
                cluster.Send(change.Nodes, news);
            }
        }

        foreach (var ghost in room.Ghosts())
        {
            if (await roster.RemoveAsync(room.Id, ghost.Id, ghost.Connection) is { } removal)
            {
                var news = new ClusterMessage.Removed(room.Id, ghost.Id, removal.Revision, "timeout");
                room.Take(news);
                cluster.Send(removal.Nodes, news);
            }
        }
    }
}
