using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Rooms;

/// <summary>What became of a join: exactly one of the three.</summary>
/// <param name="Seat">The seat.</param>
/// <param name="Refused">Why there is none.</param>
/// <param name="Waiting">Who has to wait.</param>
internal sealed record Joining(Seat? Seat, CloseReason? Refused, Waiting? Waiting)
{
    /// <summary>In one word.</summary>
    internal string Outcome => this switch
    {
        { Refused: { } refused } => refused.Code,
        { Waiting: { State: LobbyState.Knocking } } => "knocking",
        { Waiting: not null } => "waiting_for_moderator",
        { Seat.IsResumed: true } => "resumed",
        _ => "joined",
    };
}

/// <summary>A session in its room.</summary>
internal sealed record Seat(Room Room, Session Session, bool IsResumed)
{
    internal void Deconstruct(out Room room, out Session session) => (room, session) = (Room, Session);
}
