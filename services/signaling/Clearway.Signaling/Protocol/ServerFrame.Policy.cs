using System.Text.Json;
using Clearway.Signaling.Rooms;
using IceServer = Clearway.Auth.V1.IceServer;

namespace Clearway.Signaling.Protocol;

/// <summary>Frames about what a room may use, and about its lobby.</summary>
internal readonly partial record struct ServerFrame
{
    /// <summary>The policy after a change, of the advice included; <paramref name="by"/> when somebody ordered it.</summary>
    internal static ServerFrame RoomPolicy(RoomPolicy policy, BandwidthAdvice? advice, string? by) => Write("room_policy", json =>
    {
        WritePolicy(json, policy, advice);
        json.WriteNumber("deadline", policy.Deadline);
        if (!string.IsNullOrEmpty(by))
        {
            json.WriteString("by", by);
        }
    });

    internal static ServerFrame RoomPaused(RoomPolicy policy) => Write("room_paused", json =>
    {
        json.WriteString("by", policy.By);
        json.WriteNumber("paused_at", policy.PausedAt);
        json.WriteNumber("deadline", policy.Deadline);
    });

    internal static ServerFrame RoomResumed(RoomPolicy policy) => Write("room_resumed", json =>
    {
        json.WriteString("by", policy.By);
        json.WriteNumber("deadline", policy.Deadline);
    });

    internal static ServerFrame RoomExpiring(long deadline, int minutesLeft) => Write("room_expiring", json =>
    {
        json.WriteNumber("deadline", deadline);
        json.WriteNumber("minutes_left", minutesLeft);
    });

    /// <param name="reason"><c>expired</c> or <c>ended</c>.</param>
    internal static ServerFrame RoomClosed(string reason) => Write("room_closed", json => json.WriteString("reason", reason));

    /// <summary>To somebody who waits, what for.</summary>
    internal static ServerFrame Wait(LobbyState state, RoomId room, string title) => Write(
        state == LobbyState.Knocking ? "knocking" : "waiting_for_moderator",
        json =>
        {
            json.WriteStartObject("room");
            json.WriteString("id", room.Value);
            json.WriteString("title", title);
            json.WriteEndObject();
        });

    internal static ServerFrame Knock(Knock knock) => Write("knock", json => WriteKnock(json, knock));

    internal static ServerFrame KnockGone(ParticipantId id) => Write("knock_gone", json => json.WriteString("id", id.Value));

    /// <summary>Answers <c>renew</c>.</summary>
    /// <param name="expiresAt">Until when the newest token is good, Unix milliseconds.</param>
    /// <param name="servers">With fresh credentials.</param>
    internal static ServerFrame Renewed(long expiresAt, IReadOnlyList<IceServer> servers) => Write("renewed", json =>
    {
        json.WriteNumber("expires_at", expiresAt);
        Protocol.Welcome.WriteIceServers(json, servers);
    });

    /// <summary>The policy as <c>welcome</c> and <c>room_policy</c> show it.</summary>
    internal static void WritePolicy(Utf8JsonWriter json, RoomPolicy policy, BandwidthAdvice? advice)
    {
        json.WriteStartObject("policy");
        json.WriteNumber("max_peers", policy.MaxPeers);
        json.WriteNumber("ttl_minutes", policy.TtlMinutes);
        json.WriteBoolean("locked", policy.Locked);
        json.WriteBoolean("lobby", policy.Lobby);
        json.WriteBoolean("wait_for_moderator", policy.WaitForModerator);
        json.WriteBoolean("own_tracks", policy.OwnTracks);
        json.WriteNumber("paused_at", policy.PausedAt);
        if (advice is null)
        {
            json.WriteNull("advice");
        }
        else
        {
            json.WriteStartObject("advice");
            json.WriteString("reason", advice.Reason);
            json.WriteNumber("audio_kbps", advice.AudioKbps);
            json.WriteNumber("video_kbps", advice.VideoKbps);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    internal static void WriteKnock(Utf8JsonWriter json, Knock knock)
    {
        json.WriteString("id", knock.Id.Value);
        json.WriteString("name", knock.Name);
    }
}
