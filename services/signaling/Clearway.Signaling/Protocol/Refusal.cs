namespace Clearway.Signaling.Protocol;

/// <summary>A frame that is not obeyed while the connection goes on: stable code and a text for developers.</summary>
internal sealed record Refusal(string Code, string Message, int? RetryAfterMs = null)
{
    internal static readonly Refusal UnknownType = new("unknown_type", "type is none of the protocol's");
    internal static readonly Refusal TargetUnknown = new("target_unknown", "target_id is nobody in this room");
    internal static readonly Refusal ChatTooLong = new("chat_too_long", "a message has at most 1000 text elements and 32768 bytes");
    internal static readonly Refusal ChatEmpty = new("chat_empty", "nothing is left of the message after stripping");
    internal static readonly Refusal MessageUnknown = new("message_unknown", "the room has no such message, or it was deleted");
    internal static readonly Refusal MessageForbidden = new("message_forbidden", "the message is somebody else's");
    internal static readonly Refusal ReactionsFull = new("reactions_full", "a message has at most 50 different reactions");
    internal static readonly Refusal SystemMessageForged = new("system_message_forged", "the message is not signed for this room");
    internal static readonly Refusal RoleForbidden = new("role_forbidden", "the role may not give this command");
    internal static readonly Refusal TargetForbidden = new("target_forbidden", "the command may not be about this participant");
    internal static readonly Refusal MutedByModerator = new("muted_by_moderator", "a moderator has to allow this medium first");
    internal static readonly Refusal AlreadyRecording = new("already_recording", "a recording is under way");
    internal static readonly Refusal NotRecording = new("not_recording", "no recording is under way");
    internal static readonly Refusal OwnTracksForbidden = new("own_tracks_forbidden", "participants of this room do not record themselves");
    internal static readonly Refusal StorageFull = new("storage_full", "no room is left for recordings of this tenant");
    internal static readonly Refusal TokenMismatch = new("token_mismatch", "the token is for another participant, session or room");
    internal static readonly Refusal NobodyKnocks = new("nobody_knocks", "nobody knocks whom the command is about");
    internal static readonly Refusal Unavailable = new("unavailable", "a service that is needed does not answer", 2_000);

    /// <summary>A member is missing, of the wrong kind or out of range.</summary>
    internal static Refusal BadMessage(string what) => new("bad_message", what);

    /// <summary>The next own track may begin after <paramref name="wait"/>.</summary>
    internal static Refusal OwnTrackRate(TimeSpan wait) => TooSoon("own_track_rate", wait);

    /// <summary>The next message may come after <paramref name="wait"/>.</summary>
    internal static Refusal ChatRate(TimeSpan wait) => TooSoon("chat_rate", wait);

    private static Refusal TooSoon(string code, TimeSpan wait) =>
        new(code, "too soon after the one before", Math.Max(1, (int)Math.Ceiling(wait.TotalMilliseconds)));
}
