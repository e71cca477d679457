using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Clearway.Signaling.Rooms;

/// <summary>What the room knows about a participant besides where the participant is.</summary>
internal sealed record Presence(string Name, Role Role, bool Audio, bool Video, bool Screen);

/// <summary>
/// One line of a room's roster, on every node that serves the room. The entry with the higher revision is the newer one, in whatever
/// order the nodes learn of them.
/// </summary>
/// <param name="Id">Whose line it is.</param>
/// <param name="Node">The node that holds the participant's connection, or held it last.</param>
/// <param name="Connection">The connection that speaks for the session.</param>
/// <param name="Incarnation">Revision at which the session began; a change means another session of the same participant.</param>
/// <param name="Revision">Revision of the roster at the entry's last change.</param>
/// <param name="AwayUntil">Zero while connected; else the time in Unix milliseconds at which the session ends.</param>
/// <param name="Resume">What continues the session; empty in entries that came from another node.</param>
/// <param name="Presence">Name, role and media.</param>
internal sealed record RosterEntry(
    ParticipantId Id,
    string Node,
    ConnectionId Connection,
    long Incarnation,
    long Revision,
    long AwayUntil,
    string Resume,
    Presence Presence)
{
    internal bool IsAway => AwayUntil != 0;

    /// <summary>The form in Redis, which the scripts of <c>RosterScripts</c> split at the first six bars.</summary>
    internal static RosterEntry Parse(ParticipantId id, string text)
    {
        var parts = text.Split('|', 7);
        return new RosterEntry(
            id,
            parts[0],
            new ConnectionId(parts[1]),
            long.Parse(parts[2], CultureInfo.InvariantCulture),
            long.Parse(parts[3], CultureInfo.InvariantCulture),
            long.Parse(parts[4], CultureInfo.InvariantCulture),
            parts[5],
            JsonSerializer.Deserialize(parts[6], RosterJson.Default.Presence)!);
    }

    internal string ToText() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Node}|{Connection}|{Incarnation}|{Revision}|{AwayUntil}|{Resume}|{ToText(Presence)}");

    internal static string ToText(Presence presence) => JsonSerializer.Serialize(presence, RosterJson.Default.Presence);
}

/// <summary>A recording under way.</summary>
internal sealed record Recording(string Id, ParticipantId By, long StartedAt)
{
    internal static Recording? Parse(string text) =>
        text.Split('|') is [var id, var by, var at]
            ? new Recording(id, new ParticipantId(by), long.Parse(at, CultureInfo.InvariantCulture))
            : null;

    /// <summary>The form in Redis.</summary>
    internal static string ToText(Recording? recording) =>
        recording is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{recording.Id}|{recording.By}|{recording.StartedAt}");
}

/// <summary>What a room may use, and until when (Unix milliseconds).</summary>
internal sealed record RoomPolicy(int MaxPeers, int TtlMinutes, long Deadline);

/// <summary>The recording and the revision at which it began or ended.</summary>
internal readonly record struct RecordingState(Recording? Recording, long Revision);

/// <summary>A room as Redis had it at one revision.</summary>
internal sealed record RosterSnapshot(long Revision, RoomPolicy Policy, RecordingState Recording, IReadOnlyList<RosterEntry> Entries);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Presence))]
internal sealed partial class RosterJson : JsonSerializerContext;
