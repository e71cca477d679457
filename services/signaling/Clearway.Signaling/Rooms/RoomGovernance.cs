using System.Diagnostics;
using Clearway.Signaling.Cluster;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Rooms;

/// <summary>Orders about the room: how long it goes on, and who comes in. Giving an order that holds already is fine and changes nothing.</summary>
internal sealed class RoomGovernance(Roster roster)
{
    /// <summary>Carries an order out. Throws as <see cref="Roster"/> does.</summary>
    internal async Task<Refusal?> ObeyAsync(Room room, OrderGiver by, ClientMessage.Control order)
    {
        switch (order.Command)
        {
            case ControlCommand.SetPause:
                return Tell(room, await roster.PauseAsync(by));
            case ControlCommand.ResumeConference:
                return Tell(room, await roster.ResumeAsync(by));
            case ControlCommand.LockRoom:
                return Tell(room, await roster.LockAsync(by, order.Locked ?? true));
            case ControlCommand.Extend:
                return order is { Minutes: null, Until: null }
                    ? Refusal.BadMessage("minutes is missing")
                    : Tell(room, await roster.ExtendAsync(by, order.Minutes, order.Until));
            case ControlCommand.Admit:
                return Tell(room, await roster.DecideAsync(by, order.TargetId, isAdmitted: true));
            case ControlCommand.Deny:
                return order.TargetId is { } target
                    ? Tell(room, await roster.DecideAsync(by, target, isAdmitted: false))
                    : Refusal.BadMessage("target_id is missing");
            case ControlCommand.EndRoom:
                return Tell(room, await roster.EndAsync(by));
            default:
                throw new UnreachableException();
        }
    }

    private static Refusal? Tell(Room room, (PolicyChange? Change, Refusal? Refusal) outcome)
    {
        if (outcome.Change is { } change)
        {
            room.Tell(change.Nodes, new ClusterMessage.PolicyChanged(room.Id, change.State));
        }

        return outcome.Refusal;
    }

    private static Refusal? Tell(Room room, (LobbyDecision? Decision, Refusal? Refusal) outcome)
    {
        if (outcome.Decision is { } decision)
        {
            room.Tell(decision.Nodes, new ClusterMessage.KnocksGone(room.Id, decision.About));
        }

        return outcome.Refusal;
    }
}
