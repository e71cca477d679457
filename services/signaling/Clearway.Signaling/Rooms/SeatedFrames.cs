using System.Diagnostics;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Rooms;

/// <summary>Frames of those who have a seat: each to what obeys it.</summary>
internal sealed class SeatedFrames(RoomChat chat, ChatChanges changes, RoomPresence presence, RoomCommands commands)
{
    /// <summary>Obeys a frame that is neither of a connection's begin and end nor of its token.</summary>
    /// <returns>Why it is refused; null when it is not.</returns>
    internal async ValueTask<Refusal?> ObeyAsync(ClientMessage message, Seat seat)
    {
        switch (message)
        {
            case ClientMessage.Relay relay:
                return seat.Room.Relay(seat.Session, relay.TargetId, relay.Kind, relay.Payload.Span);
            case ClientMessage.Chat line:
                return chat.Say(seat.Room, seat.Session, line);
            case ClientMessage.SystemChat system:
                return await chat.AnnounceAsync(seat.Room, seat.Session, system);
            case ClientMessage.ChatEdit edit:
                return await changes.EditAsync(seat.Room, seat.Session, edit);
            case ClientMessage.ChatDelete delete:
                return await changes.DeleteAsync(seat.Room, seat.Session, delete);
            case ClientMessage.Reaction reaction:
                return await changes.ReactAsync(seat.Room, seat.Session, reaction);
            case ClientMessage.MediaState media:
                return await presence.SetMediaAsync(seat, media);
            case ClientMessage.RaiseHand hand:
                return await presence.RaiseHandAsync(seat, hand);
            case ClientMessage.Pointer pointer:
                presence.Point(seat, pointer);
                return null;
            case ClientMessage.Gesture gesture:
                presence.Gesture(seat, gesture);
                return null;
            case ClientMessage.Quality quality:
                presence.Report(seat, quality);
                return null;
            case ClientMessage.Control control:
                return await commands.ObeyAsync(seat, control);
            default:
                throw new UnreachableException();
        }
    }
}
