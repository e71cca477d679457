using Clearway.Signaling.Policy;
using Clearway.Signaling.Rooms;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Clearway.Signaling.Cluster;

/// <summary>
/// Compares the rooms of this node with Redis again and again: finds what was missed between nodes, ends what dead nodes left behind, also
/// in rooms of which they were the only ones, and puts back what Redis lost. When Redis has forgotten as a whole it is told first: compared
/// with nothing, everybody would be gone.
/// </summary>
internal sealed class RosterSync(
    RoomDirectory rooms,
    Roster roster,
    RedisEpoch epoch,
    Charging charging,
    Quotas quotas,
    TimeProvider time,
    IOptions<SignalingOptions> options,
    ILogger<RosterSync> logger) : BackgroundService
{
    // Enough to fill the way to Redis; more would only make the commands of joins wait behind them.
    private const int RoomsAtOnce = 32;

    // Parts of a round, one after the other: hundreds of rooms at once would hold up what is relayed meanwhile.
    private const int Parts = 50;

    // A room that was missed in so many rounds has no node any more: one with too much to do is late by less.
    private const int RoundsToAbandon = 12;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SyncInterval, time);
        try
        {
            var tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
            while (true)
            {
                await Task.WhenAny(tick, epoch.Begun);
                stoppingToken.ThrowIfCancellationRequested();
                var isTold = await TellAsync();
                if (tick.IsCompleted)
                {
                    await SyncAsync(stoppingToken);
                    await EndAbandonedAsync();
                    await tick;
                    tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
                }
                else if (!isTold)
                {
                    // Redis is back, and the breaker may not know yet; rooms are shut until it is told.
                    await Task.Delay(options.Value.RedisPause, time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    /// <summary>Puts what this node knows into an epoch that has begun; false when that did not succeed.</summary>
    private async Task<bool> TellAsync()
    {
        if (epoch.Awaiting is not { } awaiting)
        {
            return true;
        }

        var known = rooms.All(idle: true);
        Log.Rebuilding(logger, known.Count);
        try
        {
            await Parallel.ForEachAsync(known, new ParallelOptions { MaxDegreeOfParallelism = RoomsAtOnce }, async (room, _) =>
            {
                if (room.Knowledge() is { } knowledge)
                {
                    await roster.RebuildAsync(room.Id, knowledge, awaiting);
                }
            });
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.RedisDoesNotAnswer(logger, "rebuild", exception);
            return false;
        }

        epoch.Filled(awaiting);
        Log.Rebuilt(logger, known.Count);
        return true;
    }

    private async Task SyncAsync(CancellationToken stoppingToken)
    {
        var all = rooms.All();
        var part = Math.Max(RoomsAtOnce, all.Count / Parts);
        foreach (var (i, room) in all.Index())
        {
            stoppingToken.ThrowIfCancellationRequested();
            try
            {
                await SyncAsync(room);
                if (i % part == part - 1)
                {
                    await Task.Delay(options.Value.SyncInterval * part / all.Count / 2, time, stoppingToken);
                }
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                // The others would fail alike: the next round asks again.
                Log.RedisDoesNotAnswer(logger, "sync", exception);
                return;
            }
        }
    }

    // Whichever node looks first; the script charges once.
    private async Task EndAbandonedAsync()
    {
        var since = time.GetUtcNow() - (options.Value.SyncInterval * RoundsToAbandon);
        try
        {
            foreach (var room in await roster.AbandonedAsync(since.ToUnixTimeMilliseconds()))
            {
                var (snapshot, charged, usedMs) = await roster.SyncAsync(room);
                charging.Record(room, charged);
                await quotas.RenewAsync(room, snapshot.Policy, usedMs, []);
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.RedisDoesNotAnswer(logger, "sync abandoned", exception);
        }
    }

    private async Task SyncAsync(Room room)
    {
        var (snapshot, charged, usedMs) = await roster.SyncAsync(room.Id);
        charging.Record(room.Id, charged);
        await quotas.RenewAsync(room.Id, snapshot.Policy, usedMs, room.Seated());
        foreach (var (session, entry, gap) in room.Reconcile(snapshot))
        {
            var change = gap switch
            {
                RosterGap.Lost => await roster.RestoreAsync(session, entry, room.Orders),
                RosterGap.Behind => await roster.CatchUpAsync(session, entry),
                _ => await roster.ChangeAsync(session, awayUntil: 0),
            };
            if (change is not null)
            {
                room.Tell(change.Nodes, new ClusterMessage.Entered(room.Id, change.Entry));
            }
            else if (gap == RosterGap.Lost)
            {
                // Was kicked, of which this node never heard.
                room.Take(new ClusterMessage.Removed(room.Id, session.Id, entry.RevisionAfter(time.GetUtcNow()), Room.KickedReason));
            }
        }

        foreach (var ghost in room.Ghosts(snapshot))
        {
            if (await roster.RemoveAsync(room.Id, ghost.Id, ghost.Connection) is { } removal)
            {
                charging.Record(room.Id, removal.Charged);
                room.Tell(removal.Nodes, new ClusterMessage.Removed(room.Id, ghost.Id, removal.Revision, "timeout"));
            }
        }
    }
}
