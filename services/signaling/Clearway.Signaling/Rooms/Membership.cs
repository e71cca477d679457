using System.Diagnostics;
using Clearway.Signaling.Cluster;
using Clearway.Signaling.Connections;
using Clearway.Signaling.Policy;
using Clearway.Signaling.Protocol;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Claims = Clearway.Auth.V1.Claims;

namespace Clearway.Signaling.Rooms;

/// <summary>Who is in a room: joining, dropping out, coming back and leaving, in Redis, here, and on the other nodes of the room.</summary>
internal sealed class Membership(
    TokenCheck tokens,
    Roster roster,
    RoomDirectory rooms,
    LoadShedding shedding,
    ClusterOutbox cluster,
    Charging charging,
    Quotas quotas,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    IOptions<SignalingOptions> options,
    SignalingMetrics metrics,
    ILogger<Membership> logger)
{
    private readonly SignalingOptions _options = options.Value;

    /// <summary>Admits whom a token names. The session receives from now on through <paramref name="outbox"/>.</summary>
    /// <param name="join">The first frame.</param>
    /// <param name="outbox">Where the session's frames go.</param>
    /// <param name="trace">The browser's or proxy's span, of which the join becomes a child.</param>
    /// <param name="cancellationToken">Cancelled when the connection is gone.</param>
    /// <param name="seated">Called with the seat before anything is sent to it: the answer to a welcome may come at once.</param>
    /// <returns>The seat, or why there is none, or that one has to wait: then <see cref="WaitAsync"/> goes on.</returns>
    internal async Task<Joining> JoinAsync(
        ClientMessage.Join join, Outbox outbox, ActivityContext trace, Action<Seat> seated, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        using var activity = Telemetry.Source.StartActivity("join", ActivityKind.Server, trace);
        var (place, overload) = shedding.TakeJoin();
        using var _ = place;
        var joining = overload is null
            ? await BeginAsync(join, outbox, seated, cancellationToken)
            : new Joining(null, overload, null);
        activity?.SetTag("clearway.outcome", joining.Outcome);
        if (joining.Refused is { } refused)
        {
            activity?.SetStatus(ActivityStatusCode.Error, refused.Code);
        }

        metrics.JoinAnswered(time.GetElapsedTime(began));
        Record(joining);
        return joining;
    }

    /// <summary>Waits in the lobby, until let in, refused, or stopped. Ends nobody's reading meanwhile.</summary>
    internal async Task<Joining> WaitAsync(Waiting waiting, Action<Seat> seated, CancellationToken cancellationToken)
    {
        var (room, session) = (waiting.Newcomer.Room, waiting.Session);
        var joining = new Joining(null, null, waiting);
        try
        {
            // Asked once more after being added, so that nothing is missed in between.
            room.Add(waiting);
            do
            {
                joining = await TryAsync(waiting.Newcomer, waiting, seated, cancellationToken);
            }
            while (joining.Waiting is not null && await waiting.SignalAsync());
        }
        finally
        {
            room.Remove(waiting);
            if (joining.Seat is null)
            {
                await GiveUpAsync(waiting);
                rooms.Release(room);
            }
        }

        if (joining.Waiting is null)
        {
            Record(joining);
        }

        return joining;
    }

    /// <summary>Takes a fresh token of the same session: the answer has ICE servers whose credentials live as long.</summary>
    internal async Task<(ServerFrame? Renewed, Refusal? Refusal)> RenewAsync(
        Session session, string token, CancellationToken cancellationToken)
    {
        var (claims, refused) = await tokens.VerifyAsync(token, cancellationToken);
        if (claims is null)
        {
            return (null, refused == CloseReason.Unavailable ? Refusal.Unavailable : new Refusal(refused!.Code, refused.Message));
        }

        if (claims.Subject != session.Id.Value || claims.Room != session.Room.Value || claims.Session != session.TokenSession)
        {
            return (null, Refusal.TokenMismatch);
        }

        session.TokenExpiresAt = Math.Max(session.TokenExpiresAt, claims.ExpiresAt);
        var servers = await tokens.IceServersAsync(claims, cancellationToken);
        return (ServerFrame.Renewed(session.TokenExpiresAt * 1_000, servers), null);
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

    private async Task<Joining> BeginAsync(
        ClientMessage.Join join, Outbox outbox, Action<Seat> seated, CancellationToken cancellationToken)
    {
        var (claims, refused) = await tokens.VerifyAsync(join.Token, cancellationToken);
        if (claims is null)
        {
            return new Joining(null, refused, null);
        }

        var presence = new Presence(claims.Name, RoleNames.Of(claims.Role), Audio: false, Video: false, Screen: false)
        {
            Invitation = claims.Invitation.Length > 0 ? claims.Invitation : null,
        };
        var session = new Session(
            new RoomId(claims.Room), new ParticipantId(claims.Subject), claims.Tenant, claims.RoomTitle, presence, outbox, time, _options)
        {
            TokenSession = claims.Session,
            TokenExpiresAt = claims.ExpiresAt,
            Received = join.Received,
        };
        var newcomer = new Newcomer(
            rooms.Acquire(session.Room), session, claims, join.Resume, OpeningOf(claims, presence.Role, join), outbox);
        var joining = await TryAsync(newcomer, null, seated, cancellationToken);
        if (joining.Refused is not null)
        {
            rooms.Release(newcomer.Room);
        }

        return joining;
    }

    // The token says what the organizer wished when the room was made; in person the organizer may say otherwise.
    private static RoomPolicy OpeningOf(Claims claims, Role role, ClientMessage.Join join)
    {
        var opening = new RoomPolicy(
            claims.Opening?.MaxPeers ?? RoomPolicy.DefaultMaxPeers,
            claims.Opening?.TtlMinutes ?? RoomPolicy.DefaultTtlMinutes,
            claims.Opening?.Lobby ?? false,
            claims.Opening?.WaitForModerator ?? false,
            claims.Tenant);
        return role != Role.Organizer
            ? opening
            : opening with { MaxPeers = join.MaxPeers ?? opening.MaxPeers, TtlMinutes = join.TtlMinutes ?? opening.TtlMinutes };
    }

    private async Task<Joining> TryAsync(
        Newcomer newcomer, Waiting? waiting, Action<Seat> seated, CancellationToken cancellationToken)
    {
        var (room, session) = (newcomer.Room, newcomer.Session);
        var isSeated = false;
        var reservation = default(Reservation);
        try
        {
            if (room.HasKicked(session.Id))
            {
                return new Joining(null, CloseReason.Kicked, null);
            }

            reservation = await quotas.ReserveAsync(session);
            if (reservation.Exceeded is { } quota)
            {
                return new Joining(null, CloseReason.QuotaExceeded(quota), null);
            }

            room.Expect(session);
            var iceServers = waiting is null ? tokens.IceServersAsync(newcomer.Claims, cancellationToken) : null;
            var admission = await roster.AdmitAsync(session, newcomer.Resume, newcomer.Opening, isWaiting: waiting is not null);
            charging.Record(room.Id, admission.Charged);
            switch (admission.Outcome)
            {
                case AdmissionOutcome.Refused:
                    return new Joining(null, RefusalOf(admission.Code), null);
                case AdmissionOutcome.Waiting:
                    return new Joining(null, null, Hold(waiting ?? new Waiting(newcomer), admission));
            }

            if (room.Seat(session, admission, await (iceServers ?? tokens.IceServersAsync(newcomer.Claims, cancellationToken))) is not { } place)
            {
                return new Joining(null, room.HasKicked(session.Id) ? CloseReason.Kicked : CloseReason.Replaced, null);
            }

            isSeated = true;
            var seat = new Seat(room, session, admission.Outcome == AdmissionOutcome.Resumed);
            seated(seat);
            cluster.Send(place.Nodes, new ClusterMessage.Entered(room.Id, place.Entry));
            if (place.IsHandoverDue)
            {
                await room.WhenOpenedAsync(session).WaitAsync(_options.HandoverTimeout, time, CancellationToken.None)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            room.Open(session);
            if (admission.Outcome == AdmissionOutcome.Resumed)
            {
                metrics.Resumed(session.IsComplete);
            }

            return new Joining(seat, null, null);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.RedisDoesNotAnswer(logger, "admit", exception);
            if (exception is not (RedisServerException or RedisNotAskedException))
            {
                // Redis may have admitted and not said so.
                _ = RemoveLaterAsync(room, session, "left");
            }

            return new Joining(null, CloseReason.Unavailable, null);
        }
        finally
        {
            if (!isSeated)
            {
                room.Forget(session);
                await quotas.ReleaseAsync(session, reservation);
            }
        }
    }

    private Waiting Hold(Waiting waiting, Admission admission)
    {
        var (room, session) = (waiting.Newcomer.Room, waiting.Session);
        if (waiting.Revision != admission.Revision)
        {
            waiting.State = LobbyEntry.StateOf(admission.Code);
            waiting.Revision = admission.Revision;
            waiting.Newcomer.Outbox.Post(ServerFrame.Wait(waiting.State, room.Id, session.Title));
            if (waiting.State == LobbyState.Knocking)
            {
                Tell(room, admission.Nodes!, new ClusterMessage.Knocked(
                    room.Id, new Knock(session.Id, session.Presence.Name, admission.Revision)));
            }
        }

        return waiting;
    }

    // Until Redis takes it: a knock of a node that is alive stands until somebody answers it.
    private async Task GiveUpAsync(Waiting waiting)
    {
        var (room, session) = (waiting.Newcomer.Room, waiting.Session);
        try
        {
            if (await roster.GiveUpAsync(session) is { } nodes)
            {
                Tell(room, nodes, new ClusterMessage.KnocksGone(room.Id, [session.Id]));
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.RedisDoesNotAnswer(logger, "give_up", exception);
            if (!lifetime.ApplicationStopping.IsCancellationRequested)
            {
                _ = GiveUpLaterAsync(waiting);
            }
        }
    }

    private async Task GiveUpLaterAsync(Waiting waiting)
    {
        await Task.Delay(_options.SyncInterval, time, lifetime.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await GiveUpAsync(waiting);
    }

    private void Record(Joining joining)
    {
        metrics.Join(joining.Outcome);
        if (joining.Refused is { } refused)
        {
            Log.JoinRefused(logger, refused.Code);
        }
        else if (joining.Waiting is { } waiting)
        {
            Log.Waiting(logger, waiting.Session.Id, waiting.Newcomer.Room.Id, joining.Outcome);
        }
        else
        {
            var (room, session) = joining.Seat!;
            Log.Joined(logger, session.Id, room.Id, session.Presence.Role, joining.Outcome);
        }
    }

    private static CloseReason RefusalOf(string code) => code switch
    {
        "room_full" => CloseReason.RoomFull,
        "room_ended" => CloseReason.RoomEnded,
        "room_locked" => CloseReason.RoomLocked,
        "room_paused" => CloseReason.RoomPaused,
        "not_admitted" => CloseReason.NotAdmitted,
        "kicked" => CloseReason.Kicked,
        "replaced" => CloseReason.Replaced,
        _ => CloseReason.RoomExpired,
    };

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

        charging.Record(room.Id, removal.Charged);
        _ = quotas.ReleaseAsync(session.Tenant, room.Id, session.Id, room.Policy, removal.Charged);
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

/// <summary>What became of a join: exactly one of the three.</summary>
/// <param name="Seat">The seat.</param>
/// <param name="Refused">Why there is none.</param>
/// <param name="Waiting">Who has to wait.</param>
internal sealed record Joining(Seat? Seat, CloseReason? Refused, Waiting? Waiting)
{
    /// <summary>In one word.</summary>
    internal string Outcome => this switch
    {
        { Refused: { } refused } => refused.Code,
        { Waiting: { State: LobbyState.Knocking } } => "knocking",
        { Waiting: not null } => "waiting_for_moderator",
        { Seat.IsResumed: true } => "resumed",
        _ => "joined",
    };
}

/// <summary>A session in its room.</summary>
internal sealed record Seat(Room Room, Session Session, bool IsResumed)
{
    internal void Deconstruct(out Room room, out Session session) => (room, session) = (Room, Session);
}
