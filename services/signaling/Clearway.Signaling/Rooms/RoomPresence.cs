using Clearway.Signaling.Cluster;
using Clearway.Signaling.Protocol;
using StackExchange.Redis;

namespace Clearway.Signaling.Rooms;

/// <summary>What participants show of themselves: what they send, a raised hand, where they point, gestures, how well they hear each other.</summary>
internal sealed class RoomPresence(Roster roster, SignalingMetrics metrics, TimeProvider time, ILogger<RoomPresence> logger)
{
    /// <summary>Tells the room what a participant sends just now.</summary>
    internal Task<Refusal?> SetMediaAsync(Seat seat, ClientMessage.MediaState media)
    {
        var sends = media.Audio || media.Video || media.Screen;
        return sends && seat.Session.Presence.Role == Role.Observer
            ? Task.FromResult<Refusal?>(Refusal.RoleForbidden)
            : ChangeAsync(seat, "media_state", _ => new PresenceChange(media.Audio, media.Video, media.Screen));
    }

    /// <summary>Raises the hand or takes it down; a hand that is up keeps its time.</summary>
    internal Task<Refusal?> RaiseHandAsync(Seat seat, ClientMessage.RaiseHand hand) => ChangeAsync(
        seat,
        "raise_hand",
        presence => presence.Hand != 0 == hand.IsRaised
            ? null
            : new PresenceChange(Hand: hand.IsRaised ? time.GetUtcNow().ToUnixTimeMilliseconds() : 0));

    /// <summary>Shows the others where somebody points; more often than allowed nobody sees it.</summary>
    internal void Point(Seat seat, ClientMessage.Pointer pointer) =>
        Show(seat, seat.Session.Rates.Pointer, "pointer", id => ServerFrame.Pointer(id, pointer.X, pointer.Y));

    /// <summary>Shows the others a gesture; more often than allowed nobody sees it.</summary>
    internal void Gesture(Seat seat, ClientMessage.Gesture gesture) =>
        Show(seat, seat.Session.Rates.Gestures, "gesture", id => ServerFrame.Gesture(id, gesture.Emoji));

    /// <summary>Counts how a participant's connection does; more often than allowed it is dropped.</summary>
    internal void Report(Seat seat, ClientMessage.Quality quality)
    {
        if (seat.Session.Rates.Quality.TryTake(out _))
        {
            metrics.Quality(quality);
        }
        else
        {
            metrics.QualityDropped();
        }
    }

    private void Show(Seat seat, TokenBucket rate, string type, Func<ParticipantId, ServerFrame> frame)
    {
        var isTaken = rate.TryTake(out _);
        metrics.Glimpse(type, isTaken ? "shown" : "dropped");
        if (isTaken)
        {
            seat.Room.Glimpse(seat.Session, frame(seat.Session.Id));
        }
    }

    private async Task<Refusal?> ChangeAsync(Seat seat, string operation, Func<Presence, PresenceChange?> changeOf)
    {
        var (room, session) = seat;
        if (room.EntryOf(session) is not { } entry || changeOf(entry.Presence) is not { } change)
        {
            return null;
        }

        try
        {
            var (changed, refusal) = await roster.ChangeAsync(session, change);
            if (changed is not null)
            {
                room.Tell(changed.Nodes, new ClusterMessage.Entered(room.Id, changed.Entry));
            }

            return refusal;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.RedisDoesNotAnswer(logger, operation, exception);
            var presence = change.Of(entry.Presence);
            if ((presence.Audio && presence.AudioLocked) || (presence.Video && presence.VideoLocked))
            {
                return Refusal.MutedByModerator;
            }

            room.Take(new ClusterMessage.Entered(
                room.Id, entry with { Presence = presence, Revision = entry.RevisionAfter(time.GetUtcNow()) }));
            return null;
        }
    }
}
