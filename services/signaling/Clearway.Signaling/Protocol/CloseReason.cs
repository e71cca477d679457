namespace Clearway.Signaling.Protocol;

/// <summary>
/// Why a connection ends: the close code (RFC 6455 section 7.4; 4000-4099 permit reconnecting with resume, 4100-4199 do not), and the
/// stable code and text of the <c>error</c> frame that precedes it.
/// </summary>
internal sealed record CloseReason(int Status, string Code, string Message, int? RetryAfterMs = null)
{
    internal static readonly CloseReason Normal = new(1000, "", "");
    internal static readonly CloseReason BinaryFrame = new(1003, "binary_frame", "frames are text");
    internal static readonly CloseReason InvalidUtf8 = new(1007, "invalid_utf8", "a frame is not UTF-8");
    internal static readonly CloseReason FrameTooLarge = new(1009, "frame_too_large", "a frame has at most 65536 bytes");
    internal static readonly CloseReason ServerDraining = new(4000, "server_draining", "this node stops, another one takes over");
    internal static readonly CloseReason SlowReader = new(4001, "slow_reader", "frames are not read fast enough");
    internal static readonly CloseReason KeepAliveTimeout = new(4002, "keep_alive_timeout", "two pings in a row were not answered");
    internal static readonly CloseReason Unavailable = new(4003, "unavailable", "a service that is needed to join does not answer", 2_000);
    internal static readonly CloseReason Overloaded = new(4004, "overloaded", "the node has more to do than it takes on", 2_000);
    internal static readonly CloseReason RenewalMissed = new(4005, "renewal_missed", "the token expired and was not renewed");
    internal static readonly CloseReason BadJson = new(4100, "bad_json", "a frame is one JSON object");
    internal static readonly CloseReason JoinTimeout = new(4102, "join_timeout", "join did not come in time");
    internal static readonly CloseReason Replaced = new(4103, "replaced", "a newer connection of the same session took over");
    internal static readonly CloseReason Kicked = new(4104, "kicked", "a moderator took this participant out of the room");
    internal static readonly CloseReason RoomExpired = new(4105, "room_expired", "the room's time is over");
    internal static readonly CloseReason RoomEnded = new(4105, "room_ended", "the organizer ended the room");
    internal static readonly CloseReason Flood = new(4106, "flood", "over 200 frames in a second");
    internal static readonly CloseReason JoinExpected = new(4107, "join_expected", "join is the first frame and comes once");
    internal static readonly CloseReason RoomFull = new(4108, "room_full", "the room has no place left");
    internal static readonly CloseReason NotAdmitted = new(4109, "not_admitted", "a moderator did not let this participant in");
    internal static readonly CloseReason RoomLocked = new(4110, "room_locked", "the room takes no newcomers");
    internal static readonly CloseReason RoomPaused = new(4111, "room_paused", "the room takes no newcomers while it is paused");

    /// <summary>Whether the session goes on with another connection.</summary>
    internal bool PermitsResume => Status is >= 4000 and < 4100;

    /// <summary>The tenant has used up its quota of <c>rooms</c>, <c>participants</c> or <c>minutes</c>.</summary>
    internal static CloseReason QuotaExceeded(string what) => new(4112, "quota_exceeded", $"the tenant's quota of {what} is used up");

    /// <summary>The token is refused, with the code of Auth.</summary>
    internal static CloseReason Token(string code) => new(4101, code, "the token is refused");
}
