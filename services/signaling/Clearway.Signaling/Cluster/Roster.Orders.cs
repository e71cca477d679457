using Clearway.Signaling.Policy;
using Clearway.Signaling.Protocol;
using Clearway.Signaling.Rooms;

namespace Clearway.Signaling.Cluster;

/// <summary>What an order changed, and the nodes that have to hear of it.</summary>
internal sealed record OrderChange(OrdersState Orders, string[] Nodes, IReadOnlyList<RosterEntry> Entries);

/// <summary>Somebody was kicked, what that did to the recording, and what the room used if it is empty now.</summary>
internal sealed record KickChange(OrdersState Orders, string[] Nodes, RecordingState Recording, ChargingRecord? Charged);

/// <summary>Moderators' orders. Each method answers what changed, or why the order is refused.</summary>
internal sealed partial class Roster
{
    /// <summary>Switches a medium off: of one participant, or of all who are neither organizer nor moderator.</summary>
    internal Task<(OrderChange? Change, Refusal? Refusal)> MuteAsync(OrderGiver by, string medium, string? target, bool isLocked) =>
        OrderAsync(OrderScripts.Mute, by, medium, target ?? "", isLocked ? "1" : "");

    /// <summary>Lifts locks of a medium: of one participant, or all.</summary>
    internal Task<(OrderChange? Change, Refusal? Refusal)> AllowAsync(OrderGiver by, string medium, string? target) =>
        OrderAsync(OrderScripts.Allow, by, medium, target ?? "");

    /// <summary>Puts one participant on the stage, or nobody.</summary>
    internal Task<(OrderChange? Change, Refusal? Refusal)> FocusAsync(OrderGiver by, string? target) =>
        OrderAsync(OrderScripts.Focus, by, target ?? "");

    /// <summary>Takes somebody out for good.</summary>
    internal async Task<(KickChange? Change, Refusal? Refusal)> KickAsync(OrderGiver by, string target)
    {
        var answer = await RunOrderAsync(OrderScripts.Kick, by, target);
        return answer is [var code]
            ? (null, RefusalOf(code))
            : (new KickChange(
                Orders(answer),
                Nodes(answer[2]),
                new RecordingState(Recording.Parse(answer[3]), Number(answer[4])),
                ChargingRecord.Parse(answer[5])), null);
    }

    private async Task<(OrderChange? Change, Refusal? Refusal)> OrderAsync(string script, OrderGiver by, params string[] arguments)
    {
        var answer = await RunOrderAsync(script, by, arguments);
        if (answer is [var code])
        {
            return (null, RefusalOf(code));
        }

        var entries = answer[3..].Chunk(2).Select(pair => RosterEntry.Parse(new ParticipantId(pair[0]), pair[1])).ToArray();
        return (new OrderChange(Orders(answer), Nodes(answer[2]), entries), null);
    }

    private Task<string[]> RunOrderAsync(string script, OrderGiver by, params string[] arguments) =>
        RunAsync(script, by.Room, [by.Id.Value, by.Role.ToString(), .. arguments]);

    private static OrdersState Orders(string[] answer) => new(RoomOrders.Parse(answer[1]), Number(answer[0]));

    private static Refusal RefusalOf(string code) => code switch
    {
        "target_unknown" => Refusal.TargetUnknown,
        "target_forbidden" => Refusal.TargetForbidden,
        _ => Refusal.RoleForbidden,
    };
}
