using System.Diagnostics;
using Clearway.Signaling.Cluster;
using Clearway.Signaling.Connections;
using Clearway.Signaling.Policy;
using Clearway.Signaling.Protocol;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Clearway.Signaling.Rooms;

/// <summary>Who is in a room: joining, dropping out, coming back and leaving, in Redis, here, and on the other nodes of the room.</summary>
internal sealed class Membership(
    TokenCheck tokens,
    Roster roster,
    RoomDirectory rooms,
    ClusterOutbox cluster,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    IOptions<SignalingOptions> options,
    SignalingMetrics metrics,
    ILogger<Membership> logger)
{
    private const int DefaultMaxPeers = 100;
    private const int DefaultTtlMinutes = 30;

    private readonly SignalingOptions _options = options.Value;

    /// <summary>Admits whom a token names. The session receives from now on through <paramref name="outbox"/>.</summary>
    /// <param name="join">The first frame.</param>
    /// <param name="outbox">Where the session's frames go.</param>
    /// <param name="trace">The browser's or proxy's span, of which the join becomes a child.</param>
    /// <param name="cancellationToken">Cancelled when the connection is gone.</param>
    /// <returns>The seat, or why there is none.</returns>
    internal async Task<(Seat? Seat, CloseReason? Refused)> JoinAsync(
        ClientMessage.Join join, Outbox outbox, ActivityContext trace, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        using var activity = Telemetry.Source.StartActivity("join", ActivityKind.Server, trace);
        var (seat, refused) = await AdmitAsync(join, outbox, cancellationToken);
        var outcome = refused?.Code ?? (seat!.IsResumed ? "resumed" : "joined");
        activity?.SetTag("clearway.outcome", outcome);
        metrics.Join(outcome, time.GetElapsedTime(began));
        if (refused is not null)
        {
            activity?.SetStatus(ActivityStatusCode.Error, refused.Code);
            Log.JoinRefused(logger, refused.Code);
        }
        else
        {
            Log.Joined(logger, seat!.Session.Id, seat.Room.Id, seat.Session.Presence.Role, outcome);
        }

        return (seat, refused);
    }

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
            Tell(room, await roster.ChangeAsync(session, until));
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

    private async Task<(Seat? Seat, CloseReason? Refused)> AdmitAsync(
        ClientMessage.Join join, Outbox outbox, CancellationToken cancellationToken)
    {
        var (claims, refused) = await tokens.VerifyAsync(join.Token, cancellationToken);
        if (claims is null)
        {
            return (null, refused);
        }

        var presence = new Presence(claims.Name, RoleNames.Of(claims.Role), Audio: false, Video: false, Screen: false);
        var session = new Session(
            new RoomId(claims.Room), new ParticipantId(claims.Subject), claims.Tenant, claims.RoomTitle, presence, outbox, time, _options);
        var wishes = presence.Role == Role.Organizer ? join : join with { MaxPeers = null, TtlMinutes = null };
        var room = rooms.Acquire(session.Room);
        var isSeated = false;
        try
        {
            if (room.HasKicked(session.Id))
            {
                return (null, CloseReason.Kicked);
            }

            room.Expect(session);
            var iceServers = tokens.IceServersAsync(claims, cancellationToken);
            var admission = await roster.AdmitAsync(
                session, join.Resume, wishes.MaxPeers ?? DefaultMaxPeers, wishes.TtlMinutes ?? DefaultTtlMinutes);
            if (admission.Snapshot is null)
            {
                return (null, RefusalOf(admission.Outcome));
            }

            if (room.Seat(session, admission, await iceServers) is not { } place)
            {
                return (null, room.HasKicked(session.Id) ? CloseReason.Kicked : CloseReason.Replaced);
            }

            isSeated = true;
            cluster.Send(place.Nodes, new ClusterMessage.Entered(room.Id, place.Entry));
            if (place.IsHandoverDue)
            {
                _ = OpenLaterAsync(room, session);
            }
            else
            {
                room.Open(session);
            }

            return (new Seat(room, session, admission.Outcome == AdmissionOutcome.Resumed), null);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.RedisDoesNotAnswer(logger, "admit", exception);
            if (exception is not (RedisServerException or RedisNotAskedException))
            {
                // Redis may have admitted and not said so.
                _ = RemoveLaterAsync(room, session, "left");
            }

            return (null, CloseReason.Unavailable);
        }
        finally
        {
            if (!isSeated)
            {
                room.Forget(session);
                rooms.Release(room);
            }
        }
    }

    private static CloseReason RefusalOf(AdmissionOutcome outcome) => outcome switch
    {
        AdmissionOutcome.RoomFull => CloseReason.RoomFull,
        AdmissionOutcome.Kicked => CloseReason.Kicked,
        _ => CloseReason.RoomExpired,
    };

    private async Task OpenLaterAsync(Room room, Session session)
    {
        await Task.Delay(_options.HandoverTimeout, time);
        room.Open(session);
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

    private async Task RemoveLaterAsync(Room room, Session session, string reason)
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

        Tell(room, removal.Nodes, new ClusterMessage.Removed(room.Id, session.Id, removal.Revision, reason));
        if (removal.Recording.Revision == removal.Revision)
        {
            Tell(room, removal.Nodes, new ClusterMessage.Recorded(room.Id, removal.Recording));
        }
    }

    private void Tell(Room room, RosterChange? change)
    {
        if (change is not null)
        {
            Tell(room, change.Nodes, new ClusterMessage.Entered(room.Id, change.Entry));
        }
    }

    private void Tell(Room room, string[] nodes, ClusterMessage news)
    {
        room.Take(news);
        cluster.Send(nodes, news);
    }
}

/// <summary>A session in its room.</summary>
internal sealed record Seat(Room Room, Session Session, bool IsResumed)
{
    internal void Deconstruct(out Room room, out Session session) => (room, session) = (Room, Session);
}
