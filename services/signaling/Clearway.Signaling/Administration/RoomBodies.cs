using System.Globalization;
using System.Text.Json.Serialization;
using Clearway.Signaling.Cluster;
using Clearway.Signaling.Rooms;

namespace Clearway.Signaling.Administration;

/// <summary>A room as backends see it. Times are Unix milliseconds.</summary>
internal sealed record RoomBody(string RoomId, long OpenedAt, long Deadline, int Participants, PolicyBody Policy)
{
    internal static RoomBody Of(OpenRoom room) =>
        new(room.Id.Value, room.Policy.OpenedAt, room.Policy.Deadline, room.Participants, PolicyBody.Of(room.Policy));

    internal static RoomBody Of(FoundRoom room) =>
        Of(new OpenRoom(room.Id, room.Snapshot.Policy.Policy!, room.Snapshot.Entries.Count));
}

/// <summary>What a room may use; <paramref name="PausedAt"/> is 0 while it runs.</summary>
internal sealed record PolicyBody(int MaxPeers, int TtlMinutes, bool Locked, bool Lobby, bool WaitForModerator, bool OwnTracks, long PausedAt)
{
    internal static PolicyBody Of(RoomPolicy policy) =>
        new(policy.MaxPeers, policy.TtlMinutes, policy.Locked, policy.Lobby, policy.WaitForModerator, policy.OwnTracks, policy.PausedAt);
}

/// <summary>A page of rooms; without a cursor the last one.</summary>
internal sealed record RoomPage(IReadOnlyList<RoomBody> Rooms, string? Cursor);

/// <summary>Somebody in a room, as the others there see it.</summary>
internal sealed record ParticipantBody(
    string Id, string Name, string Role, bool Audio, bool Video, bool Screen, bool Away, long Hand, bool AudioLocked, bool VideoLocked)
{
    internal static ParticipantBody Of(RosterEntry entry)
    {
        var presence = entry.Presence;
        return new(
            entry.Id.Value,
            presence.Name,
            presence.Role.Text(),
            presence.Audio,
            presence.Video,
            presence.Screen,
            entry.IsAway,
            presence.Hand,
            presence.AudioLocked,
            presence.VideoLocked);
    }
}

/// <summary>Somebody who knocks.</summary>
internal sealed record KnockBody(string Id, string Name);

/// <summary>Who is in a room, those who came first before the others, who knocks, and who was kicked.</summary>
internal sealed record ParticipantList(
    IReadOnlyList<ParticipantBody> Participants, IReadOnlyList<KnockBody> Knocking, IReadOnlyList<string> Kicked)
{
    internal static ParticipantList Of(RosterSnapshot room) => new(
        [.. room.Entries.OrderBy(entry => entry.Incarnation).Select(ParticipantBody.Of)],
        [
            .. room.Lobby
                .Where(entry => entry.State == LobbyState.Knocking)
                .OrderBy(entry => entry.Revision)
                .Select(entry => new KnockBody(entry.Id.Value, entry.Name)),
        ],
        [.. room.Orders.Orders.Kicked.Keys.Order(StringComparer.Ordinal)]);
}

/// <summary>Until when a room is to go on.</summary>
internal sealed record DeadlineBody(long Deadline);

/// <summary>The place after a room in the list, as <c>DEADLINE-ROOM</c>.</summary>
internal static class RoomCursor
{
    /// <summary>The year 9999, in Unix milliseconds.</summary>
    internal const long LatestTime = 253_402_300_799_999;

    internal static string After(OpenRoom room) => string.Create(CultureInfo.InvariantCulture, $"{room.Policy.Deadline}-{room.Id}");

    /// <summary>No cursor is the begin of the list.</summary>
    internal static bool TryParse(string text, out (long Deadline, string Room)? after)
    {
        after = null;
        if (text.Length == 0)
        {
            return true;
        }

        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0
            || text.Length > 128
            || !long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var deadline)
            || deadline > LatestTime)
        {
            return false;
        }

        after = (deadline, text[(dash + 1)..]);
        return true;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RoomPage))]
[JsonSerializable(typeof(RoomBody))]
[JsonSerializable(typeof(ParticipantList))]
[JsonSerializable(typeof(DeadlineBody))]
internal sealed partial class AdministrationJson : JsonSerializerContext;
