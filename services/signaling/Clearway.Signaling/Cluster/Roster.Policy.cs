using Clearway.Signaling.Policy;
using Clearway.Signaling.Protocol;
using Clearway.Signaling.Rooms;

namespace Clearway.Signaling.Cluster;

/// <summary>A policy that changed, and the nodes that have to hear of it.</summary>
internal sealed record PolicyChange(PolicyState State, string[] Nodes);

/// <summary>Who was let in or turned away, and the nodes that have to hear of it.</summary>
internal sealed record LobbyDecision(IReadOnlyList<ParticipantId> About, string[] Nodes);

/// <summary>A room's policy and its lobby. Each method answers what changed, or null where nothing did, or why the order is refused.</summary>
internal sealed partial class Roster
{
    internal Task<(PolicyChange? Change, Refusal? Refusal)> PauseAsync(OrderGiver by) => ChangePolicyAsync(PolicyScripts.Pause, by);

    internal Task<(PolicyChange? Change, Refusal? Refusal)> ResumeAsync(OrderGiver by) => ChangePolicyAsync(PolicyScripts.Resume, by);

    /// <summary>Moves the deadline by some minutes, or, where it is earlier, to a time (ms).</summary>
    internal Task<(PolicyChange? Change, Refusal? Refusal)> ExtendAsync(OrderGiver by, int? minutes, long? until) => ChangePolicyAsync(
        PolicyScripts.Extend, by, Text((minutes ?? 0) * 60_000L), until is { } at ? Text(at) : "");

    internal Task<(PolicyChange? Change, Refusal? Refusal)> LockAsync(OrderGiver by, bool isLocked) =>
        ChangePolicyAsync(PolicyScripts.Lock, by, isLocked ? "1" : "");

    internal Task<(PolicyChange? Change, Refusal? Refusal)> EndAsync(OrderGiver by) => ChangePolicyAsync(PolicyScripts.End, by);

    /// <summary>Lets somebody in who knocks, or all who do, or turns away; refused when nobody of them knocks.</summary>
    internal async Task<(LobbyDecision? Decision, Refusal? Refusal)> DecideAsync(OrderGiver by, string? target, bool isAdmitted)
    {
        var answer = await RunAsync(PolicyScripts.Decide, by.Room, by.Id.Value, target ?? "", isAdmitted ? "admitted" : "denied");
        return answer.Length switch
        {
            0 => (null, Refusal.NobodyKnocks),
            1 => (null, Refusal.RoleForbidden),
            _ => (new LobbyDecision([.. answer.Skip(1).Select(id => new ParticipantId(id))], Nodes(answer[0])), null),
        };
    }

    /// <summary>Ends a wait; the nodes that have to hear of it, or null when another connection waits by now, or none.</summary>
    internal async Task<string[]?> GiveUpAsync(Session session)
    {
        var answer = await RunAsync(PolicyScripts.GiveUp, session.Room, session.Id.Value, session.Connection.Value);
        return answer.Length == 0 ? null : Nodes(answer[0]);
    }

    private async Task<(PolicyChange? Change, Refusal? Refusal)> ChangePolicyAsync(string script, OrderGiver by, params string[] arguments)
    {
        var answer = await RunAsync(script, by.Room, [by.Id.Value, .. arguments]);
        return answer.Length switch
        {
            0 => (null, null),
            1 => (null, Refusal.RoleForbidden),
            _ => (new PolicyChange(new PolicyState(RoomPolicy.Parse(answer[1]), Number(answer[0])), Nodes(answer[2])), null),
        };
    }
}
