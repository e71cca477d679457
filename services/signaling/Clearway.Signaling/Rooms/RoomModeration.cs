using System.Diagnostics;
using Clearway.Signaling.Cluster;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Rooms;

/// <summary>
/// Orders about participants: mute, allow, put on the stage, kick. What is to last stands in Redis, by participant, and the gateway holds
/// to it: nobody depends on the target's obeying.
/// </summary>
internal sealed class RoomModeration(Roster roster)
{
    private const string Audio = "audio";
    private const string Video = "video";

    /// <summary>Carries an order out. Throws as <see cref="Roster"/> does.</summary>
    internal Task<Refusal?> ObeyAsync(Room room, OrderGiver by, ClientMessage.Control order)
    {
        if (NeedsTarget(order.Command) && order.TargetId is null)
        {
            return Task.FromResult<Refusal?>(Refusal.BadMessage("target_id is missing"));
        }

        var isLocked = order.Locked ?? false;
        return order.Command switch
        {
            ControlCommand.SetSpeaker => FocusAsync(room, by, order.TargetId),
            ControlCommand.ResetSpeaker => FocusAsync(room, by, null),
            ControlCommand.MuteAudio => MuteAsync(room, by, Audio, order.TargetId, isLocked),
            ControlCommand.MuteVideo => MuteAsync(room, by, Video, order.TargetId, isLocked),
            ControlCommand.GlobalMuteAudio => MuteAsync(room, by, Audio, null, isLocked),
            ControlCommand.GlobalMuteVideo => MuteAsync(room, by, Video, null, isLocked),
            ControlCommand.AllowAudio => AllowAsync(room, by, Audio, order.TargetId),
            ControlCommand.AllowVideo => AllowAsync(room, by, Video, order.TargetId),
            ControlCommand.KickPeer => KickAsync(room, by, order.TargetId!),
            _ => throw new UnreachableException(),
        };
    }

    private static bool NeedsTarget(ControlCommand command) => command
        is ControlCommand.SetSpeaker or ControlCommand.MuteAudio or ControlCommand.MuteVideo or ControlCommand.KickPeer;

    private async Task<Refusal?> FocusAsync(Room room, OrderGiver by, string? target) =>
        Tell(room, await roster.FocusAsync(by, target), frame: null);

    private async Task<Refusal?> MuteAsync(Room room, OrderGiver by, string medium, string? target, bool isLocked) =>
        Tell(room, await roster.MuteAsync(by, medium, target, isLocked), ServerFrame.ForceMute(target, medium, isLocked, by.Id));

    private async Task<Refusal?> AllowAsync(Room room, OrderGiver by, string medium, string? target) =>
        Tell(room, await roster.AllowAsync(by, medium, target), ServerFrame.AllowMedia(target, medium, by.Id));

    private async Task<Refusal?> KickAsync(Room room, OrderGiver by, string target)
    {
        var (change, refusal) = await roster.KickAsync(by, target);
        if (change is not null)
        {
            room.Tell(change.Nodes, new ClusterMessage.Ordered(room.Id, change.Orders));
            room.Tell(change.Nodes, new ClusterMessage.Recorded(room.Id, change.Recording));
        }

        return refusal;
    }

    // What lasts is told by the orders and the entries; the frame tells of the order itself.
    private static Refusal? Tell(Room room, (OrderChange? Change, Refusal? Refusal) order, ServerFrame? frame)
    {
        if (order.Change is not { } change)
        {
            return order.Refusal;
        }

        if (frame is { } told)
        {
            room.Tell(change.Nodes, new ClusterMessage.Broadcast(room.Id, told));
        }

        room.Tell(change.Nodes, new ClusterMessage.Ordered(room.Id, change.Orders));
        foreach (var entry in change.Entries)
        {
            room.Tell(change.Nodes, new ClusterMessage.Entered(room.Id, entry));
        }

        return null;
    }
}
