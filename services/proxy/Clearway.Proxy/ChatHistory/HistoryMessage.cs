using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Clearway.Chat.V1;

namespace Clearway.Proxy.ChatHistory;

/// <summary>A page of history; <see cref="NextBefore"/> 0 ends the pages.</summary>
internal sealed record MessagePage(IReadOnlyList<HistoryMessage> Messages, long NextBefore);

/// <summary>A message as <c>chat_broadcast</c> has it: of a participant with text, or of a service with signed data.</summary>
internal sealed record HistoryMessage(
    string Id,
    long Sequence,
    string? SenderId,
    string? SenderName,
    string? Text,
    string? Html,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? System,
    string? Security,
    long SentAt)
{
    /// <summary>Every script stays readable; the result is safe as an element's content and inside a quoted attribute.</summary>
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    internal static HistoryMessage Of(ChatMessage m) => m.SystemData.Length == 0
        ? new(m.Id, m.Sequence, m.SenderId, m.SenderName, m.Text, Encoder.Encode(m.Text), System: null, Security: null, m.SentAt)
        : new(m.Id, m.Sequence, null, null, null, null, JsonElement.Parse(m.SystemData), m.Security, m.SentAt);
}
