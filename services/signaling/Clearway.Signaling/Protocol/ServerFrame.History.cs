using Clearway.Chat.V1;

namespace Clearway.Signaling.Protocol;

internal readonly partial record struct ServerFrame
{
    // With room to spare in what a connection may be held for; fifty lines of the usual length take a fifth of it.
    private const int MaxHistoryBytes = 128 * 1024;

    /// <summary>
    /// A page of what was said, or as much of its end as one frame may have: the lines before that are those of earlier pages, to which
    /// <c>next_before</c> leads.
    /// </summary>
    internal static ServerFrame ChatHistory(GetPageResponse page)
    {
        var (lines, bytes) = (new Stack<byte[]>(), 0);
        foreach (var message in page.Messages.Reverse())
        {
            var line = HistoryLine(message);
            bytes += line.Length;
            if (bytes > MaxHistoryBytes)
            {
                break;
            }

            lines.Push(line);
        }

        var leftOut = page.Messages.Count - lines.Count;
        return Write("chat_history", json =>
        {
            json.WriteStartArray("messages");
            foreach (var line in lines)
            {
                json.WriteRawValue(line, skipInputValidation: true);
            }

            json.WriteEndArray();
            json.WriteNumber("next_before", leftOut == 0 ? page.NextBefore : page.Messages[leftOut - 1].Sequence + 1);
        });
    }

    private static byte[] HistoryLine(ChatMessage message)
    {
        using var writer = FrameWriter.Rent();
        var json = writer.Json;
        json.WriteStartObject();
        Message(json, message);
        json.WriteNumber("sequence", message.Sequence);
        json.WriteEndObject();
        return writer.Written.ToArray();
    }
}
