using Clearway.Signaling.Policy;
using Clearway.Signaling.Rooms;

namespace Clearway.Signaling.Cluster;

/// <summary>A policy that changed, and the nodes that have to hear of it.</summary>
internal sealed record PolicyChange(PolicyState State, string[] Nodes);

/// <summary>Who was let in or turned away, and the nodes that have to hear of it.</summary>
internal sealed record LobbyDecision(IReadOnlyList<ParticipantId> About, string[] Nodes);

/// <summary>A room's policy and its lobby. Each method answers what changed, or null where nothing did.</summary>
internal sealed partial class Roster
{
    internal Task<PolicyChange?> PauseAsync(OrderGiver by) => ChangePolicyAsync(PolicyScripts.Pause, by.Room, by.Id.Value);

    internal Task<PolicyChange?> ResumeAsync(OrderGiver by) => ChangePolicyAsync(PolicyScripts.Resume, by.Room, by.Id.Value);

    /// <summary>Moves the deadline by some minutes, or, where it is earlier, to a time (ms).</summary>
    internal Task<PolicyChange?> ExtendAsync(OrderGiver by, int? minutes, long? until) => ChangePolicyAsync(
        PolicyScripts.Extend, by.Room, by.Id.Value, Text((minutes ?? 0) * 60_000L), until is { } at ? Text(at) : "");

    internal Task<PolicyChange?> LockAsync(OrderGiver by, bool isLocked) =>
        ChangePolicyAsync(PolicyScripts.Lock, by.Room, by.Id.Value, isLocked ? "1" : "");

    internal Task<PolicyChange?> EndAsync(OrderGiver by) => ChangePolicyAsync(PolicyScripts.End, by.Room, by.Id.Value);

    /// <summary>Lets somebody in who knocks, or all who do, or turns away; null when nobody of them knocks.</summary>
    internal async Task<LobbyDecision?> DecideAsync(RoomId room, string? target, bool isAdmitted)
    {
        var answer = await RunAsync(PolicyScripts.Decide, room, target ?? "", isAdmitted ? "admitted" : "denied");
        return answer.Length == 0 ? null : new LobbyDecision([.. answer.Skip(1).Select(id => new ParticipantId(id))], Nodes(answer[0]));
    }

    /// <summary>Ends a wait; the nodes that have to hear of it, or null when another connection waits by now, or none.</summary>
    internal async Task<string[]?> GiveUpAsync(Session session)
    {
        var answer = await RunAsync(PolicyScripts.GiveUp, session.Room, session.Id.Value, session.Connection.Value);
        return answer.Length == 0 ? null : Nodes(answer[0]);
    }

    private async Task<PolicyChange?> ChangePolicyAsync(string script, RoomId room, params string[] arguments)
    {
        var answer = await RunAsync(script, room, arguments);
        return answer.Length == 0
            ? null
            : new PolicyChange(new PolicyState(RoomPolicy.Parse(answer[1]), Number(answer[0])), Nodes(answer[2]));
    }
}
