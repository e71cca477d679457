using System.Globalization;

namespace Clearway.Signaling.Rooms;

/// <summary>Why somebody is not in yet, and what was decided.</summary>
internal enum LobbyState
{
    WaitingForModerator,
    Knocking,
    Admitted,
    Denied,
}

/// <summary>Somebody who wants to be let in, as Redis has it.</summary>
/// <param name="Id">Who.</param>
/// <param name="State">What they wait for.</param>
/// <param name="Node">The node that holds the connection.</param>
/// <param name="Connection">The connection that waits.</param>
/// <param name="Revision">Since when.</param>
/// <param name="Name">The name of the token.</param>
internal sealed record LobbyEntry(
    ParticipantId Id, LobbyState State, string Node, ConnectionId Connection, long Revision, string Name)
{
    /// <summary>Reads what the admission script wrote.</summary>
    internal static LobbyEntry Parse(ParticipantId id, string text)
    {
        var parts = text.Split('|', 5);
        return new LobbyEntry(
            id, StateOf(parts[0]), parts[1], new ConnectionId(parts[2]), long.Parse(parts[3], CultureInfo.InvariantCulture), parts[4]);
    }

    internal static LobbyState StateOf(string text) => text switch
    {
        "waiting_for_moderator" => LobbyState.WaitingForModerator,
        "knocking" => LobbyState.Knocking,
        "admitted" => LobbyState.Admitted,
        _ => LobbyState.Denied,
    };
}

/// <summary>Somebody who knocks, as organizer and moderators see it.</summary>
internal sealed record Knock(ParticipantId Id, string Name, long Revision);
