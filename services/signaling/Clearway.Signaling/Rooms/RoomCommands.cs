using Clearway.Signaling.Protocol;
using StackExchange.Redis;

namespace Clearway.Signaling.Rooms;

/// <summary>Orders of organizers and moderators: who may give them, who carries them out, and the record that stays of each.</summary>
internal sealed class RoomCommands(
    RoomRecording recording, RoomModeration moderation, RoomGovernance governance, Audit audit, SignalingMetrics metrics, ILogger<RoomCommands> logger)
{
    internal async Task<Refusal?> ObeyAsync(Seat seat, ClientMessage.Control order)
    {
        var refusal = RoleMatrix.Allows(seat.Session.Presence.Role, order.Command)
            ? await CarryOutAsync(seat, order)
            : Refusal.RoleForbidden;
        audit.Record(seat.Session, order, refusal);
        metrics.Command(order.Command.Text(), refusal?.Code ?? "obeyed");
        return refusal;
    }

    private async Task<Refusal?> CarryOutAsync(Seat seat, ClientMessage.Control order)
    {
        var (room, by) = seat;
        try
        {
            return order.Command switch
            {
                ControlCommand.StartRecord or ControlCommand.StopRecord => await recording.ObeyAsync(room, by, order.Command),
                ControlCommand.SetPause
                    or ControlCommand.ResumeConference
                    or ControlCommand.LockRoom
                    or ControlCommand.Extend
                    or ControlCommand.Admit
                    or ControlCommand.Deny
                    or ControlCommand.EndRoom => await governance.ObeyAsync(room, by, order),
                _ => await moderation.ObeyAsync(room, by, order),
            };
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.RedisDoesNotAnswer(logger, order.Command.Text(), exception);
            return Refusal.Unavailable;
        }
    }
}
