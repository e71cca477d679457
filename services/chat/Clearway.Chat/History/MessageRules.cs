using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Clearway.Chat.V1;

namespace Clearway.Chat.History;

/// <summary>What a message must be before it is stored.</summary>
internal static partial class MessageRules
{
    /// <summary>Most bytes of UTF-8 in one text, for a text element has any number of combining marks; what one signaling frame can carry.</summary>
    public const int LargestText = 64 * 1024;

    private const int LongestText = 1000;
    private const int LongestName = 64;
    private const int LargestEmoji = 32;
    private const int LongestSearch = 200;
    private const int LongestSystemData = 16 * 1024;

    private static readonly long LastMillisecond = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Reads a message that came from outside.</summary>
    /// <returns>Null when it is well formed.</returns>
    public static Refusal? Check(ChatMessage message, out StoredMessage? stored)
    {
        stored = null;
        if (RoomKey.Check(message.Tenant, message.Room, out var key) is { } refusal)
        {
            return refusal;
        }

        if (!IsMessageId(message.Id, out var id))
        {
            return Refusal.MessageIdInvalid;
        }

        var isSystem = message.SystemData.Length > 0;
        refusal = isSystem ? CheckSystemMessage(message) : CheckParticipantMessage(message);
        if (refusal is not null)
        {
            return refusal;
        }

        if (!IsTime(message.SentAt))
        {
            return Refusal.SentAtInvalid;
        }

        stored = new StoredMessage
        {
            Tenant = key.Tenant,
            Room = key.Room,
            Id = id,
            SenderId = message.SenderId,
            SenderName = message.SenderName,
            Text = message.Text,
            SystemData = message.SystemData,
            Security = message.Security,
            SentAt = DateTime.UnixEpoch.AddMilliseconds(message.SentAt),
        };
        return null;
    }

    /// <summary>Reads a change that came from outside.</summary>
    /// <returns>Null when it is well formed.</returns>
    public static Refusal? Check(MessageChange? change, out ChangeKey key)
    {
        key = default;
        if (RoomKey.Check(change?.Tenant ?? "", change?.Room ?? "", out var room) is { } refusal)
        {
            return refusal;
        }

        if (!IsMessageId(change!.MessageId, out var id))
        {
            return Refusal.MessageIdInvalid;
        }

        if (!ParticipantId().IsMatch(change.By))
        {
            return Refusal.SenderInvalid;
        }

        if (!IsTime(change.At))
        {
            return Refusal.SentAtInvalid;
        }

        key = new ChangeKey(room, id, change.By, DateTime.UnixEpoch.AddMilliseconds(change.At));
        return null;
    }

    /// <summary>Whether it is a text that a participant may have written.</summary>
    public static bool IsText(string text) => IsText(text, 1, LongestText);

    /// <summary>Whether it may stand for a reaction; that it is an emoji, the gateway sees to.</summary>
    public static bool IsEmoji(string text) => IsText(text, 1, 1) && Encoding.UTF8.GetByteCount(text) <= LargestEmoji;

    /// <summary>Whether they may be a participant's public id and name.</summary>
    public static bool IsSender(string id, string name) => ParticipantId().IsMatch(id) && IsText(name, 1, LongestName);

    /// <summary>Whether it is what somebody may search for.</summary>
    public static bool IsSearch(string text) => text.Length is > 0 and <= LongestSearch && !text.Contains('\0');

    private static bool IsMessageId(string text, out Guid id)
    {
        id = default;
        return text.Length == 36 && Guid.TryParseExact(text, "D", out id);
    }

    private static bool IsTime(long milliseconds) => milliseconds >= 0 && milliseconds <= LastMillisecond;

    private static Refusal? CheckParticipantMessage(ChatMessage message)
    {
        if (!IsSender(message.SenderId, message.SenderName))
        {
            return Refusal.SenderInvalid;
        }

        return !IsText(message.Text) ? Refusal.TextInvalid
            : message.Security.Length > 0 ? Refusal.SystemDataInvalid
            : null;
    }

    private static Refusal? CheckSystemMessage(ChatMessage message)
    {
        if (message.SenderId.Length > 0 || !IsText(message.SenderName, 0, LongestName))
        {
            return Refusal.SenderInvalid;
        }

        if (message.Text.Length > 0)
        {
            return Refusal.TextInvalid;
        }

        var isSigned = message.Security.Length == 64 && !message.Security.AsSpan().ContainsAnyExcept(HexDigits);
        return isSigned && IsJson(message.SystemData) ? null : Refusal.SystemDataInvalid;
    }

    /// <summary>Whether a text has so many text elements (UAX #29), and none of what PostgreSQL cannot store.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fewest">0 or 1.</param>
    /// <param name="most">Most text elements.</param>
    private static bool IsText(string text, int fewest, int most)
    {
        if (text.Length > LargestText || text.Contains('\0'))
        {
            return false;
        }

        // An element has one code unit at least, and a text that is not empty one element: most lines need no counting.
        if (text.Length <= most)
        {
            return fewest == 0 || text.Length > 0;
        }

        if (Encoding.UTF8.GetByteCount(text) > LargestText)
        {
            return false;
        }

        var elements = 0;
        for (var rest = text.AsSpan(); !rest.IsEmpty && elements <= most; elements++)
        {
            rest = rest[StringInfo.GetNextTextElementLength(rest)..];
        }

        return elements >= fewest && elements <= most;
    }

    private static bool IsJson(string text)
    {
        if (text.Length > LongestSystemData || text.Contains('\0') || Encoding.UTF8.GetByteCount(text) > LongestSystemData)
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ParticipantId();
}
