namespace Clearway.Signaling.Protocol;

/// <summary>What a browser may say: a closed set, one record a message of docs/signaling-protocol.md.</summary>
internal abstract record ClientMessage
{
    private ClientMessage()
    {
    }

    /// <summary>
    /// First frame of every connection. <paramref name="Received"/> are the counted frames that the client got in the session to resume;
    /// <paramref name="LacksHistory"/> says that the history of chat is not among what it got.
    /// </summary>
    internal sealed record Join(
        string Token, string? Resume, int? MaxPeers, int? TtlMinutes, long? Received = null, bool LacksHistory = false) : ClientMessage;

    /// <summary>An offer, answer or candidate; the payload's bytes are the sender's and stay untouched.</summary>
    internal sealed record Relay(RelayKind Kind, string TargetId, ReadOnlyMemory<byte> Payload) : ClientMessage;

    internal sealed record Chat(string Text, string? ClientId) : ClientMessage;

    /// <summary>A system message exactly as a service signed it.</summary>
    internal sealed record SystemChat(string SystemData, string Security) : ClientMessage;

    internal sealed record ChatEdit(Guid MessageId, string Text) : ClientMessage;

    internal sealed record ChatDelete(Guid MessageId) : ClientMessage;

    internal sealed record Reaction(Guid MessageId, string Emoji, bool IsOn) : ClientMessage;

    internal sealed record MediaState(bool Audio, bool Video, bool Screen) : ClientMessage;

    internal sealed record RaiseHand(bool IsRaised) : ClientMessage;

    /// <summary>A place on the shared screen, 0 to 1 from its left and from its top.</summary>
    internal sealed record Pointer(double X, double Y) : ClientMessage;

    /// <summary>What somebody feels about what is going on, for a moment.</summary>
    internal sealed record Gesture(string Emoji) : ClientMessage;

    /// <summary>
    /// How the sender's connection to another participant did lately: times in milliseconds, loss from 0 to 1, mean opinion score from 1 to 4.5.
    /// </summary>
    internal sealed record Quality(
        string TargetId, int RoundTripMs, int JitterMs, double Loss, int KbpsIn, int KbpsOut, string Candidate, double OpinionScore, string Cause)
        : ClientMessage;

    /// <summary>
    /// An order; which of the other members it needs is for who carries it out to say. <paramref name="Until"/> (ms) is of backends alone.
    /// <paramref name="Proof"/> is for the participants, who verify it: here it stays unread.
    /// </summary>
    internal sealed record Control(
        ControlCommand Command,
        string? TargetId = null,
        bool? Locked = null,
        string? Reason = null,
        int? Minutes = null,
        long? Until = null,
        string? Proof = null)
        : ClientMessage;

    /// <summary>A fresh token of the same session.</summary>
    internal sealed record Renew(string Token) : ClientMessage;

    internal sealed record Leave : ClientMessage;
}

/// <summary>The three frames of JSEP (RFC 9429) and trickle ICE (RFC 8838) that travel between two browsers.</summary>
internal enum RelayKind
{
    Offer,
    Answer,
    Candidate,
}
