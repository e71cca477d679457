using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Clearway.Chat.V1;

namespace Clearway.Proxy.ChatHistory;

/// <summary>A page of history; <see cref="NextBefore"/> 0 ends the pages towards the beginning, <see cref="NextAfter"/> null towards the end.</summary>
internal sealed record MessagePage(IReadOnlyList<HistoryMessage> Messages, long NextBefore, long? NextAfter);

/// <summary>Who answered a message with an emoji.</summary>
internal sealed record HistoryReaction(string Emoji, IReadOnlyList<string> By);

/// <summary>
/// A message as <c>chat_history</c> of the gateway has it: of a participant with text, of a service with signed data, or the tombstone of
/// a deleted one with neither.
/// </summary>
internal sealed record HistoryMessage(string Id, long Sequence, long SentAt)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(PlainInHtml());

    public string? SenderId { get; init; }

    public string? SenderName { get; init; }

    public string? Text { get; init; }

    /// <summary>The text, safe as an element's content and as an attribute's value.</summary>
    public string? Html { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? System { get; init; }

    public string? Security { get; init; }

    public long? EditedAt { get; init; }

    public long? DeletedAt { get; init; }

    public IReadOnlyList<HistoryReaction>? Reactions { get; init; }

    internal static HistoryMessage Of(ChatMessage message)
    {
        var common = new HistoryMessage(message.Id, message.Sequence, message.SentAt)
        {
            EditedAt = message.EditedAt == 0 ? null : message.EditedAt,
            DeletedAt = message.DeletedAt == 0 ? null : message.DeletedAt,
            Reactions = message.Reactions.Count == 0 ? null : [.. message.Reactions.Select(one => new HistoryReaction(one.Emoji, one.Participants))],
        };
        if (message.SystemData.Length > 0)
        {
            return common with { System = JsonElement.Parse(message.SystemData), Security = message.Security };
        }

        var sent = common with { SenderId = message.SenderId, SenderName = message.SenderName };
        return message.DeletedAt == 0 ? sent with { Text = message.Text, Html = Encoder.Encode(message.Text) } : sent;
    }

    // As the gateway does it: of ASCII only what means nothing anywhere in HTML stays as it is.
    private static TextEncoderSettings PlainInHtml()
    {
        var settings = new TextEncoderSettings(UnicodeRanges.All);
        settings.ForbidRange(UnicodeRanges.BasicLatin);
        settings.AllowCharacters([.. "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,-_"]);
        return settings;
    }
}
