using System.Text.Json;

namespace Clearway.Signaling.Rooms;

/// <summary>What a room may use and until when, as Redis has it. Times are Unix milliseconds.</summary>
/// <param name="MaxPeers">1 to 100.</param>
/// <param name="TtlMinutes">How long the room was opened for, 1 to 300.</param>
/// <param name="Lobby">Whether newcomers knock.</param>
/// <param name="WaitForModerator">Whether newcomers wait until the organizer or a moderator is there.</param>
/// <param name="Tenant">Who is charged.</param>
/// <param name="Locked">Whether newcomers are refused.</param>
/// <param name="OwnTracks">Whether participants may record themselves.</param>
/// <param name="Deadline">When the room ends; of a paused one, when it ends if nobody resumes it.</param>
/// <param name="PausedAt">Since when it is paused; 0 while it is not.</param>
/// <param name="Remaining">Milliseconds that a paused room has left when it goes on.</param>
/// <param name="OpenedAt">When the first participant was let in; 0 before.</param>
/// <param name="EndedBy">Who ended the room before its time; empty while nobody did.</param>
/// <param name="By">Who changed the policy last; empty while nobody did.</param>
internal sealed record RoomPolicy(
    int MaxPeers,
    int TtlMinutes,
    bool Lobby = false,
    bool WaitForModerator = false,
    string Tenant = "",
    bool Locked = false,
    bool OwnTracks = false,
    long Deadline = 0,
    long PausedAt = 0,
    long Remaining = 0,
    long OpenedAt = 0,
    string EndedBy = "",
    string By = "")
{
    internal const int DefaultMaxPeers = 100;
    internal const int DefaultTtlMinutes = 30;

    internal bool IsPaused => PausedAt != 0;

    internal static RoomPolicy? Parse(string text) =>
        text.Length == 0 ? null : JsonSerializer.Deserialize(text, RosterJson.Default.RoomPolicy);

    /// <summary>The form in Redis, which the scripts read and write as well.</summary>
    internal string ToText() => JsonSerializer.Serialize(this, RosterJson.Default.RoomPolicy);
}

/// <summary>The policy, null before the room was opened, and the revision of its last change.</summary>
internal readonly record struct PolicyState(RoomPolicy? Policy, long Revision);

/// <summary>How much each participant should send at most: a mesh of many, or a paused one, is more than a link carries.</summary>
/// <param name="Reason"><c>participants</c> or <c>paused</c>.</param>
/// <param name="AudioKbps">For a sender of audio, kbit/s; 0 sends none.</param>
/// <param name="VideoKbps">For a sender of video, likewise.</param>
internal sealed record BandwidthAdvice(string Reason, int AudioKbps, int VideoKbps)
{
    /// <summary>The advice for a room; null when everybody may send as they like.</summary>
    internal static BandwidthAdvice? For(RoomPolicy policy, int participants, AdviceOptions options) => policy.IsPaused
        ? new BandwidthAdvice("paused", options.PausedAudioKbps, options.PausedVideoKbps)
        : participants > options.CrowdAbove
            ? new BandwidthAdvice("participants", options.CrowdAudioKbps, options.CrowdVideoKbps)
            : null;
}
