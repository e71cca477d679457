using Clearway.Signaling.Cluster;
using Clearway.Signaling.Policy;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Clearway.Signaling.Rooms;

/// <summary>How sessions end: at once, or when nobody came back within the resume window; in Redis, here, and on the other nodes of the room.</summary>
internal sealed class Departures(
    Roster roster,
    RoomDirectory rooms,
    Charging charging,
    Quotas quotas,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    IOptions<SignalingOptions> options,
    ILogger<Departures> logger)
{
    private readonly SignalingOptions _options = options.Value;

    /// <summary>
    /// The connection is gone and the session may be resumed: the room sees the participant away, and, unless the node stops, gone when
    /// the resume window is over. Returns when the room knows.
    /// </summary>
    internal async Task DropAsync(Seat seat)
    {
        var (room, session) = seat;
        if (!room.Drop(session) || room.EntryOf(session) is not { } entry)
        {
            rooms.Release(room);
            return;
        }

        Log.Dropped(logger, session.Id, room.Id);
        var until = (time.GetUtcNow() + _options.ResumeWindow).ToUnixTimeMilliseconds();
        try
        {
            if (await roster.ChangeAsync(session, until) is { } change)
            {
                room.Tell(change.Nodes, new ClusterMessage.Entered(room.Id, change.Entry));
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.RedisDoesNotAnswer(logger, "away", exception);
            room.Take(new ClusterMessage.Entered(room.Id, entry with { AwayUntil = until, Revision = entry.RevisionAfter(time.GetUtcNow()) }));
        }

        if (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            _ = EndAfterWindowAsync(seat);
        }
    }

    /// <summary>Ends the session now.</summary>
    internal async Task EndAsync(Seat seat, string reason)
    {
        var (room, session) = seat;
        try
        {
            if (room.EntryOf(session) is { } entry && room.Unseat(session))
            {
                Log.Left(logger, session.Id, room.Id, reason);
                await RemoveAsync(room, session, entry.RevisionAfter(time.GetUtcNow()), reason);
            }
        }
        finally
        {
            rooms.Release(room);
        }
    }

    private async Task EndAfterWindowAsync(Seat seat)
    {
        await Task.WhenAny(Task.Delay(_options.ResumeWindow, time), seat.Session.Overflown);
        await EndAsync(seat, "timeout");
    }

    // Until Redis takes it: as long as the entry stands there it holds a place of the room.
    private async Task RemoveAsync(Room room, Session session, long revision, string reason)
    {
        try
        {
            TellRemoved(room, session, await roster.RemoveAsync(room.Id, session.Id, session.Connection), reason);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.RedisDoesNotAnswer(logger, "remove", exception);
            room.Take(new ClusterMessage.Removed(room.Id, session.Id, revision, reason));
            _ = RemoveLaterAsync(room, session, reason);
        }
    }

    /// <summary>Takes a session from the roster as soon as Redis is there: it may stand there, whatever was answered.</summary>
    internal async Task RemoveLaterAsync(Room room, Session session, string reason)
    {
        while (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await Task.Delay(_options.SyncInterval, time, lifetime.ApplicationStopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                TellRemoved(room, session, await roster.RemoveAsync(room.Id, session.Id, session.Connection), reason);
                return;
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                Log.RedisDoesNotAnswer(logger, "remove", exception);
            }
        }
    }

    private void TellRemoved(Room room, Session session, RosterRemoval? removal, string reason)
    {
        if (removal is null)
        {
            return;
        }

        charging.Record(room.Id, removal.Charged);
        _ = quotas.ReleaseAsync(session.Tenant, room.Id, session.Id, room.Policy, removal.Charged);
        room.Tell(removal.Nodes, new ClusterMessage.Removed(room.Id, session.Id, removal.Revision, reason));
        if (removal.Recording.Revision == removal.Revision)
        {
            room.Tell(removal.Nodes, new ClusterMessage.Recorded(room.Id, removal.Recording));
        }
    }
}
