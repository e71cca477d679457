using System.Diagnostics;
using Clearway.Signaling.Cluster;
using Clearway.Signaling.Connections;
using Clearway.Signaling.Policy;
using Clearway.Signaling.Protocol;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Claims = Clearway.Auth.V1.Claims;

namespace Clearway.Signaling.Rooms;

/// <summary>Who comes into a room: admitted, resuming, held in the lobby or refused. How they leave is with <see cref="Departures"/>.</summary>
internal sealed class Membership(
    TokenCheck tokens,
    Roster roster,
    RoomDirectory rooms,
    Lobby lobby,
    Departures departures,
    LoadShedding shedding,
    Charging charging,
    Quotas quotas,
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
                await lobby.GiveUpAsync(waiting);
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
        var (claims, iceServers, refused) = await tokens.VerifyAsync(token, cancellationToken);
        if (claims is null)
        {
            return (null, refused == CloseReason.Unavailable ? Refusal.Unavailable : new Refusal(refused!.Code, refused.Message));
        }

        if (claims.Subject != session.Id.Value || claims.Room != session.Room.Value || claims.Session != session.TokenSession)
        {
            return (null, Refusal.TokenMismatch);
        }

        session.TokenExpiresAt = Math.Max(session.TokenExpiresAt, claims.ExpiresAt);
        return (ServerFrame.Renewed(session.TokenExpiresAt * 1_000, iceServers), null);
    }

    private async Task<Joining> BeginAsync(
        ClientMessage.Join join, Outbox outbox, Action<Seat> seated, CancellationToken cancellationToken)
    {
        var (claims, iceServers, refused) = await tokens.VerifyAsync(join.Token, cancellationToken);
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
            rooms.Acquire(session.Room), session, claims, iceServers, join.Resume, OpeningOf(claims, presence.Role, join), outbox);
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
            claims.Tenant,
            OwnTracks: claims.Opening?.OwnTracks ?? false);
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
            var admission = await roster.AdmitAsync(session, newcomer.Resume, newcomer.Opening, isWaiting: waiting is not null);
            charging.Record(room.Id, admission.Charged);
            switch (admission.Outcome)
            {
                case AdmissionOutcome.Refused:
                    return new Joining(null, RefusalOf(admission.Code), null);
                case AdmissionOutcome.Waiting:
                    return new Joining(null, null, Lobby.Hold(waiting ?? new Waiting(newcomer), admission));
            }

            // Whoever waited gets credentials that are good from now on.
            var iceServers = waiting is null ? newcomer.IceServers : await tokens.IceServersAsync(newcomer.Claims, cancellationToken);
            if (room.Seat(session, admission, iceServers) is not { } place)
            {
                return new Joining(null, room.HasKicked(session.Id) ? CloseReason.Kicked : CloseReason.Replaced, null);
            }

            isSeated = true;
            var seat = new Seat(room, session, admission.Outcome == AdmissionOutcome.Resumed);
            seated(seat);
            room.Tell(place.Nodes, new ClusterMessage.Entered(room.Id, place.Entry));
            if (place.IsHandoverDue && await roster.MayHearAsync(admission.OlderNode!))
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
                _ = departures.RemoveLaterAsync(room, session, "left");
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
}
