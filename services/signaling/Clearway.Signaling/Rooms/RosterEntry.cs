using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Clearway.Signaling.Rooms;

/// <summary>What the room knows about a participant besides where the participant is.</summary>
/// <param name="Name">Shown to the others.</param>
/// <param name="Role">From the token.</param>
/// <param name="Audio">Whether a microphone is sent.</param>
/// <param name="Video">Whether a camera is sent.</param>
/// <param name="Screen">Whether a screen is sent.</param>
/// <param name="Hand">When the hand was raised, in Unix milliseconds; 0 while it is down.</param>
/// <param name="AudioLocked">Muted by order: the microphone stays off until a moderator allows it.</param>
/// <param name="VideoLocked">The same for the camera.</param>
/// <param name="Invitation">Id of the invitation that was redeemed; null for somebody whom a backend brought in. Not shown to anybody.</param>
internal sealed record Presence(
    string Name,
    Role Role,
    bool Audio,
    bool Video,
    bool Screen,
    long Hand = 0,
    bool AudioLocked = false,
    bool VideoLocked = false,
    string? Invitation = null);

/// <summary>What a participant changes of the own presence; null leaves a member as it is.</summary>
internal sealed record PresenceChange(bool? Audio = null, bool? Video = null, bool? Screen = null, long? Hand = null)
{
    /// <summary>The change that leaves nothing as it was before.</summary>
    internal static PresenceChange To(Presence presence) => new(presence.Audio, presence.Video, presence.Screen, presence.Hand);

    internal Presence Of(Presence presence) => presence with
    {
        Audio = Audio ?? presence.Audio,
        Video = Video ?? presence.Video,
        Screen = Screen ?? presence.Screen,
        Hand = Hand ?? presence.Hand,
    };

    /// <summary>The form that the scripts take.</summary>
    internal string ToText() => JsonSerializer.Serialize(this, RosterJson.Default.PresenceChange);
}

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

    /// <summary>A revision for what this node changes by itself: where Redis gives them they are microseconds.</summary>
    internal long RevisionAfter(DateTimeOffset now) => Math.Max(Revision + 1, now.ToUnixTimeMilliseconds() * 1000);

    /// <summary>The form in Redis, which the scripts (<c>ScriptPrelude</c>) split at the first six bars.</summary>
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

/// <summary>What Redis has wrong of a session of this node.</summary>
internal enum RosterGap
{
    /// <summary>There is no entry.</summary>
    Lost,

    /// <summary>The entry says away, and the session is connected.</summary>
    Away,

    /// <summary>The entry lacks what changed here while Redis was out of reach.</summary>
    Behind,
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

/// <summary>The recording and the revision at which it began or ended.</summary>
internal readonly record struct RecordingState(Recording? Recording, long Revision);

/// <summary>A room as Redis had it at one revision.</summary>
internal sealed record RosterSnapshot(
    long Revision,
    PolicyState Policy,
    RecordingState Recording,
    OrdersState Orders,
    IReadOnlyList<LobbyEntry> Lobby,
    IReadOnlyList<RosterEntry> Entries);

/// <summary>All that a node knows of a room, for Redis when it has forgotten; <paramref name="Revision"/> is the newest seen.</summary>
internal sealed record RoomKnowledge(
    long Revision, PolicyState Policy, RecordingState Recording, OrdersState Orders, IReadOnlyList<RosterEntry> Entries);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Presence))]
[JsonSerializable(typeof(PresenceChange))]
[JsonSerializable(typeof(RoomOrders))]
[JsonSerializable(typeof(RoomPolicy))]
internal sealed partial class RosterJson : JsonSerializerContext;
