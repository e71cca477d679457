using Grpc.Core;

namespace Clearway.Chat;

/// <summary>Why a call is refused: the stable code travels in the trailer <c>clearway-code</c>.</summary>
/// <param name="Status">gRPC status.</param>
/// <param name="Code">Stable code for programs.</param>
/// <param name="Message">What is wrong, for people; never what the caller sent.</param>
internal sealed record Refusal(StatusCode Status, string Code, string Message)
{
    /// <summary>Name of the trailer that carries <see cref="Code"/>.</summary>
    public const string Trailer = "clearway-code";

    public static readonly Refusal PrefixTooLong = Invalid("prefix_too_long", "The prefix is longer than 200 characters.");
    public static readonly Refusal LimitInvalid = Invalid("limit_invalid", "The limit is out of range.");
    public static readonly Refusal WordInvalid = Invalid("word_invalid", "The word is longer than 32 characters.");
    public static readonly Refusal CursorInvalid = Invalid("cursor_invalid", "The cursor is negative.");
    public static readonly Refusal BatchSize = Invalid("batch_size", "A batch has 1 to 256 messages.");
    public static readonly Refusal TenantInvalid = Invalid("tenant_invalid", "A tenant id is 1 to 64 of a-z, 0-9 and the hyphen.");
    public static readonly Refusal RoomInvalid = Invalid("room_invalid", "A room id is 1 to 64 of a-z, 0-9 and the hyphen.");
    public static readonly Refusal MessageIdInvalid = Invalid("message_id_invalid", "A message id is a UUID of 36 characters.");
    public static readonly Refusal SenderInvalid = Invalid("sender_invalid", "The sender's id or name is missing, too long or malformed.");
    public static readonly Refusal TextInvalid = Invalid("text_invalid", "A text has 1 to 1,000 text elements, at most 64 KiB, and no NUL.");
    public static readonly Refusal SystemDataInvalid = Invalid("system_data_invalid", "System data is at most 16 KiB of JSON with its HMAC.");
    public static readonly Refusal SentAtInvalid = Invalid("sent_at_invalid", "The time is not in the years 1970 to 9999.");
    public static readonly Refusal EmojiInvalid = Invalid("emoji_invalid", "An emoji is one text element of at most 32 bytes.");
    public static readonly Refusal MessageUnknown = new(StatusCode.NotFound, "message_unknown", "The room has no such message.");
    public static readonly Refusal MessageForbidden = new(StatusCode.PermissionDenied, "message_forbidden", "The message is somebody else's.");
    public static readonly Refusal ReactionsFull = new(StatusCode.ResourceExhausted, "reactions_full", "A message has at most 50 different reactions.");
    public static readonly Refusal ChangeOutrun = new(StatusCode.Aborted, "change_outrun", "A newer change of the message came first.");
    public static readonly Refusal SearchInvalid = Invalid("search_invalid", "A search has 1 to 200 characters, and no NUL.");
    public static readonly Refusal FileNameInvalid = Invalid("bad_request", "The file's name is longer than 1,024 characters.");
    public static readonly Refusal FileLength = Invalid("bad_request", "A file has at least one byte, and as many as are announced.");
    public static readonly Refusal FileTooSlow = Invalid("bad_request", "The file came too slowly.");
    public static readonly Refusal FileTooLarge = Invalid("body_too_large", "The file is larger than is permitted here.");
    public static readonly Refusal QuotaExceeded = new(StatusCode.ResourceExhausted, "quota_exceeded", "The tenant's quota of files is used up.");
    public static readonly Refusal FileUnknown = new(StatusCode.NotFound, "not_found", "The room has no such file.");
    public static readonly Refusal FilesUnavailable = new(StatusCode.Unavailable, "unavailable", "The files are not available.");
    public static readonly Refusal FilesBusy = new(StatusCode.Unavailable, "unavailable", "Too many files are on their way just now.");
    public static readonly Refusal SearchesBusy = new(StatusCode.Unavailable, "unavailable", "Too many searches are under way just now.");
    public static readonly Refusal HistoryUnavailable = new(StatusCode.Unavailable, "history_unavailable", "The chat history is not available.");

    /// <summary>The exception by which gRPC answers this refusal.</summary>
    public RpcException ToException() => new(new Status(Status, Message), new Metadata { { Trailer, Code } });

    private static Refusal Invalid(string code, string message) => new(StatusCode.InvalidArgument, code, message);
}
