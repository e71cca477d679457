namespace Clearway.Signaling.Protocol;

/// <summary>What became of a frame: a message, a refusal that keeps the connection, or neither, when it is not a JSON object.</summary>
internal readonly record struct ClientFrame(ClientMessage? Message, Refusal? Refusal, string? Type)
{
    /// <summary>Not one JSON object: the connection ends.</summary>
    internal bool IsBroken => Message is null && Refusal is null;
}

/// <summary>Turns the bytes of a frame into one of the messages of docs/signaling-protocol.md.</summary>
internal static partial class ClientFrameReader
{
    internal const int MaxTokenCharacters = 8 * 1024;
    internal const int MaxIdCharacters = 64;
    internal const int MaxSystemDataCharacters = 16 * 1024;
    internal const int MaxReasonCharacters = 200;
    internal const int MaxProofCharacters = 8 * 1024;

    private static readonly Refusal NoEmoji = Refusal.BadMessage("emoji must be one emoji of at most 32 bytes");

    private static readonly Refusal NoMessageId = Refusal.BadMessage("message_id must be a UUID");

    // A type is echoed in `ref`; longer ones are none of ours.
    private const int MaxTypeCharacters = 32;

    internal static ClientFrame Read(ReadOnlyMemory<byte> frame)
    {
        if (!FrameMembers.TryRead(frame, out var members, out var twice))
        {
            return default;
        }

        if (!members.TryText("type", out var type))
        {
            return new ClientFrame(null, Refusal.BadMessage("type is missing or not a string"), null);
        }

        if (type.Length > MaxTypeCharacters)
        {
            return new ClientFrame(null, Refusal.UnknownType, null);
        }

        if (twice is not null)
        {
            return new ClientFrame(null, Refusal.BadMessage($"{twice} stands twice"), type);
        }

        ClientMessage? message = null;
        var refusal = type switch
        {
            "offer" => Relay(RelayKind.Offer, members, out message),
            "answer" => Relay(RelayKind.Answer, members, out message),
            "candidate" => Relay(RelayKind.Candidate, members, out message),
            "chat" => members.Has("system_data") ? SystemChat(members, out message) : Chat(members, out message),
            "chat_edit" => ChatEdit(members, out message),
            "chat_delete" => ChatDelete(members, out message),
            "reaction" => Reaction(members, out message),
            "media_state" => MediaState(members, out message),
            "raise_hand" => RaiseHand(members, out message),
            "pointer" => Pointer(members, out message),
            "gesture" => Gesture(members, out message),
            "quality" => Quality(members, out message),
            "control_frame" => Control(members, out message),
            "join" => Join(members, out message),
            "renew" => Renew(members, out message),
            "leave" => Leave(out message),
            _ => Refusal.UnknownType,
        };
        return new ClientFrame(refusal is null ? message : null, refusal, type);
    }

    private static Refusal? Join(FrameMembers members, out ClientMessage? message)
    {
        message = null;
        if (!members.TryText("token", out var token) || token.Length is 0 or > MaxTokenCharacters)
        {
            return Refusal.BadMessage("token must be a string of 1 to 8192 characters");
        }

        string? resume = null;
        if (members.Has("resume") && (!members.TryText("resume", out resume) || resume.Length > MaxIdCharacters))
        {
            return Refusal.BadMessage("resume must be a string of at most 64 characters");
        }

        if (Wish(members, "max_peers", 100, out var maxPeers) is { } peers)
        {
            return peers;
        }

        if (Wish(members, "ttl_minutes", 300, out var ttlMinutes) is { } ttl)
        {
            return ttl;
        }

        long? received = null;
        if (members.Has("received"))
        {
            if (!members.TryCount("received", out var count))
            {
                return Refusal.BadMessage("received must be a number from 0 on");
            }

            received = count;
        }

        var lacksHistory = false;
        if (members.Has("lacks_history") && !members.TryFlag("lacks_history", out lacksHistory))
        {
            return Refusal.BadMessage("lacks_history must be true or false");
        }

        message = new ClientMessage.Join(token, resume, maxPeers, ttlMinutes, received, lacksHistory);
        return null;
    }

    private static Refusal? Wish(FrameMembers members, string name, int most, out int? wish)
    {
        wish = null;
        if (!members.Has(name))
        {
            return null;
        }

        if (!members.TryNumber(name, out var number) || number < 1 || number > most)
        {
            return Refusal.BadMessage($"{name} must be a number from 1 to {most}");
        }

        wish = number;
        return null;
    }

    private static Refusal? Relay(RelayKind kind, FrameMembers members, out ClientMessage? message)
    {
        message = null;
        if (!members.TryText("target_id", out var target) || target.Length is 0 or > MaxIdCharacters)
        {
            return Refusal.BadMessage("target_id must be a string of 1 to 64 characters");
        }

        if (!members.Has("payload"))
        {
            return Refusal.BadMessage("payload is missing");
        }

        message = new ClientMessage.Relay(kind, target, members.Raw("payload"));
        return null;
    }

    private static Refusal? Control(FrameMembers members, out ClientMessage? message)
    {
        message = null;
        if (!members.TryText("command", out var name) || ControlCommandNames.Of(name) is not { } command)
        {
            return Refusal.BadMessage("command is none of the protocol's");
        }

        string? target = null;
        if (members.Has("target_id") && (!members.TryText("target_id", out target) || target.Length is 0 or > MaxIdCharacters))
        {
            return Refusal.BadMessage("target_id must be a string of 1 to 64 characters");
        }

        var locked = false;
        if (members.Has("locked") && !members.TryFlag("locked", out locked))
        {
            return Refusal.BadMessage("locked must be true or false");
        }

        string? reason = null;
        if (members.Has("reason") && (!members.TryText("reason", out reason) || reason.Length > MaxReasonCharacters))
        {
            return Refusal.BadMessage("reason must be a string of at most 200 characters");
        }

        if (Wish(members, "minutes", 300, out var minutes) is { } refused)
        {
            return refused;
        }

        string? proof = null;
        if (members.Has("proof") && (!members.TryText("proof", out proof) || proof.Length is 0 or > MaxProofCharacters))
        {
            return Refusal.BadMessage("proof must be a string of 1 to 8192 characters");
        }

        message = new ClientMessage.Control(command, target, members.Has("locked") ? locked : null, reason, minutes, Proof: proof);
        return null;
    }

    private static Refusal? Renew(FrameMembers members, out ClientMessage? message)
    {
        message = null;
        if (!members.TryText("token", out var token) || token.Length is 0 or > MaxTokenCharacters)
        {
            return Refusal.BadMessage("token must be a string of 1 to 8192 characters");
        }

        message = new ClientMessage.Renew(token);
        return null;
    }

    private static Refusal? Leave(out ClientMessage? message)
    {
        message = new ClientMessage.Leave();
        return null;
    }
}
