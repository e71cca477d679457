using Clearway.Signaling.Rooms;

namespace Clearway.Signaling.Protocol;

/// <summary>What is said, and what becomes of it.</summary>
internal static partial class ClientFrameReader
{
    private static Refusal? Chat(FrameMembers members, out ClientMessage? message)
    {
        message = null;
        if (!members.TryText("text", out var text))
        {
            return Refusal.BadMessage("text must be a string");
        }

        string? clientId = null;
        if (members.Has("client_id") && (!members.TryText("client_id", out clientId) || clientId.Length > MaxIdCharacters))
        {
            return Refusal.BadMessage("client_id must be a string of at most 64 characters");
        }

        message = new ClientMessage.Chat(text, clientId);
        return null;
    }

    private static Refusal? SystemChat(FrameMembers members, out ClientMessage? message)
    {
        message = null;
        if (!members.TryText("system_data", out var data) || data.Length is 0 or > MaxSystemDataCharacters)
        {
            return Refusal.BadMessage("system_data must be a string of 1 to 16384 characters");
        }

        if (!members.TryText("security", out var security))
        {
            return Refusal.BadMessage("security must be a string");
        }

        message = new ClientMessage.SystemChat(data, security);
        return null;
    }

    private static Refusal? ChatEdit(FrameMembers members, out ClientMessage? message)
    {
        message = null;
        if (!members.TryId("message_id", out var id))
        {
            return NoMessageId;
        }

        if (!members.TryText("text", out var text))
        {
            return Refusal.BadMessage("text must be a string");
        }

        message = new ClientMessage.ChatEdit(id, text);
        return null;
    }

    private static Refusal? ChatDelete(FrameMembers members, out ClientMessage? message)
    {
        message = members.TryId("message_id", out var id) ? new ClientMessage.ChatDelete(id) : null;
        return message is null ? NoMessageId : null;
    }

    private static Refusal? Reaction(FrameMembers members, out ClientMessage? message)
    {
        message = null;
        if (!members.TryId("message_id", out var id))
        {
            return NoMessageId;
        }

        if (!members.TryText("emoji", out var emoji) || !Emoji.IsOne(emoji))
        {
            return NoEmoji;
        }

        if (!members.TryFlag("on", out var isOn))
        {
            return Refusal.BadMessage("on must be true or false");
        }

        message = new ClientMessage.Reaction(id, emoji, isOn);
        return null;
    }
}
