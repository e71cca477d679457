using System.Diagnostics;
using Clearway.Signaling.Cluster;
using Clearway.Signaling.Policy;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Rooms;

/// <summary>
/// Orders about participants: mute, allow, put on the stage, kick. What is to last stands in Redis, by participant, and the gateway holds
/// to it: nobody depends on the target's obeying.
/// </summary>
internal sealed class RoomModeration(Roster roster, Charging charging, Quotas quotas)
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
            ControlCommand.SetSpeaker => FocusAsync(room, by, order, order.TargetId),
            ControlCommand.ResetSpeaker => FocusAsync(room, by, order, null),
            ControlCommand.MuteAudio => MuteAsync(room, by, order, Audio, order.TargetId, isLocked),
            ControlCommand.MuteVideo => MuteAsync(room, by, order, Video, order.TargetId, isLocked),
            ControlCommand.GlobalMuteAudio => MuteAsync(room, by, order, Audio, null, isLocked),
            ControlCommand.GlobalMuteVideo => MuteAsync(room, by, order, Video, null, isLocked),
            ControlCommand.AllowAudio => AllowAsync(room, by, order, Audio),
            ControlCommand.AllowVideo => AllowAsync(room, by, order, Video),
            ControlCommand.KickPeer => KickAsync(room, by, order),
            _ => throw new UnreachableException(),
        };
    }

    private static bool NeedsTarget(ControlCommand command) => command
        is ControlCommand.SetSpeaker or ControlCommand.MuteAudio or ControlCommand.MuteVideo or ControlCommand.KickPeer;

    private async Task<Refusal?> FocusAsync(Room room, OrderGiver by, ClientMessage.Control order, string? target) =>
        Tell(room, by, order, await roster.FocusAsync(by, target), frame: null);

    private async Task<Refusal?> MuteAsync(Room room, OrderGiver by, ClientMessage.Control order, string medium, string? target, bool isLocked) =>
        Tell(room, by, order, await roster.MuteAsync(by, medium, target, isLocked), ServerFrame.ForceMute(target, medium, isLocked, by.Id));

    private async Task<Refusal?> AllowAsync(Room room, OrderGiver by, ClientMessage.Control order, string medium) =>
        Tell(room, by, order, await roster.AllowAsync(by, medium, order.TargetId), ServerFrame.AllowMedia(order.TargetId, medium, by.Id));

    private async Task<Refusal?> KickAsync(Room room, OrderGiver by, ClientMessage.Control order)
    {
        var (change, refusal) = await roster.KickAsync(by, order.TargetId!);
        if (change is not null)
        {
            charging.Record(room.Id, change.Charged);
            _ = quotas.ReleaseAsync(by.Tenant, room.Id, new ParticipantId(order.TargetId!), room.Policy, change.Charged);
            TellProof(room, by, order, change.Nodes);
            room.Tell(change.Nodes, new ClusterMessage.Ordered(room.Id, change.Orders));
            room.Tell(change.Nodes, new ClusterMessage.Recorded(room.Id, change.Recording));
        }

        return refusal;
    }

    // What lasts is told by the orders and the entries; the frame tells of the order itself.
    private static Refusal? Tell(
        Room room, OrderGiver by, ClientMessage.Control order, (OrderChange? Change, Refusal? Refusal) outcome, ServerFrame? frame)
    {
        if (outcome.Change is not { } change)
        {
            return outcome.Refusal;
        }

        TellProof(room, by, order, change.Nodes);
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

    // Before what follows from it, so that browsers know who ordered what they see happen.
    private static void TellProof(Room room, OrderGiver by, ClientMessage.Control order, string[] nodes)
    {
        if (order.Proof is not null)
        {
            room.Tell(nodes, new ClusterMessage.Broadcast(room.Id, ServerFrame.Order(order, by.Id)));
        }
    }
}
