using Clearway.Signaling.Protocol;
using StackExchange.Redis;

namespace Clearway.Signaling.Rooms;

/// <summary>Orders of organizers, moderators and backends: who may give them, who carries them out, and the record that stays of each.</summary>
internal sealed class RoomCommands(
    RoomRecording recording, RoomModeration moderation, RoomGovernance governance, Audit audit, SignalingMetrics metrics, ILogger<RoomCommands> logger)
{
    /// <summary>An order of somebody in the room. Who goes on giving such as are refused is heard no faster than the audit shall grow.</summary>
    internal async Task<Refusal?> ObeyAsync(Seat seat, ClientMessage.Control order)
    {
        var (room, session) = seat;
        var by = OrderGiver.Of(session);
        var refusal = await ObeyAsync(by, order, () => order.Command is ControlCommand.StartRecord or ControlCommand.StopRecord or ControlCommand.RecordOwnTrack
            ? recording.ObeyAsync(room, session, order.Command)
            : CarryOutAsync(room, by, order));
        if (refusal is not null)
        {
            await session.Rates.RefusedOrders.TakeAsync();
        }

        return refusal;
    }

    /// <summary>An order of a backend. It may be carried out on any node: those that have the room are told.</summary>
    internal Task<Refusal?> ObeyAsync(Room room, OrderGiver by, ClientMessage.Control order) =>
        ObeyAsync(by, order, () => CarryOutAsync(room, by, order));

    private async Task<Refusal?> ObeyAsync(OrderGiver by, ClientMessage.Control order, Func<Task<Refusal?>> carryOut)
    {
        var refusal = RoleMatrix.Allows(by.Role, order.Command) ? await TryAsync(order.Command, carryOut) : Refusal.RoleForbidden;
        audit.Record(by, order, refusal);
        metrics.Command(order.Command.Text(), refusal?.Code ?? "obeyed");
        return refusal;
    }

    private async Task<Refusal?> TryAsync(ControlCommand command, Func<Task<Refusal?>> carryOut)
    {
        try
        {
            return await carryOut();
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.RedisDoesNotAnswer(logger, command.Text(), exception);
            return Refusal.Unavailable;
        }
    }

    private Task<Refusal?> CarryOutAsync(Room room, OrderGiver by, ClientMessage.Control order) => order.Command
        is ControlCommand.SetPause
        or ControlCommand.ResumeConference
        or ControlCommand.LockRoom
        or ControlCommand.Extend
        or ControlCommand.Admit
        or ControlCommand.Deny
        or ControlCommand.EndRoom
        ? governance.ObeyAsync(room, by, order)
        : moderation.ObeyAsync(room, by, order);
}
