namespace Clearway.Chat.History;

/// <summary>A message in a room's total order; written once, never changed.</summary>
internal sealed class StoredMessage
{
    public required string Tenant { get; init; }

    public required string Room { get; init; }

    /// <summary>Position in the room, from 1 without gaps; 0 before it is stored.</summary>
    public long Sequence { get; init; }

    public required Guid Id { get; init; }

    /// <summary>Public participant id; empty for a system message.</summary>
    public required string SenderId { get; init; }

    public required string SenderName { get; init; }

    /// <summary>The exact text; empty for a system message.</summary>
    public required string Text { get; init; }

    /// <summary>A system message's JSON to the letter, for the HMAC is over its bytes; empty for a participant's message.</summary>
    public required string SystemData { get; init; }

    /// <summary>HMAC-SHA256 of <see cref="SystemData"/> in lower-case hex; empty for a participant's message.</summary>
    public required string Security { get; init; }

    /// <summary>UTC, in whole milliseconds.</summary>
    public required DateTime SentAt { get; init; }
}

/// <summary>Where a room's order has got to; its row is the lock that appending to the room takes.</summary>
internal sealed class RoomCounter
{
    public required string Tenant { get; init; }

    public required string Room { get; init; }

    /// <summary>The last sequence given out; 0 when none was.</summary>
    public long LastSequence { get; init; }
}
