namespace Clearway.Chat.History;

/// <summary>A message in a room's total order. Its place never changes; its text may be edited, or deleted for good.</summary>
internal sealed class StoredMessage
{
    public required string Tenant { get; init; }

    public required string Room { get; init; }

    /// <summary>Position in the room, from 1 without gaps; 0 before it is stored.</summary>
    public long Sequence { get; init; }

    public required Guid Id { get; init; }

    /// <summary>Public participant id; empty for a system message.</summary>
    public required string SenderId { get; set; }

    public required string SenderName { get; set; }

    /// <summary>The exact text; empty for a system message and for a deleted one.</summary>
    public required string Text { get; set; }

    /// <summary>A system message's JSON to the letter, for the HMAC is over its bytes; empty for a participant's message.</summary>
    public required string SystemData { get; set; }

    /// <summary>HMAC-SHA256 of <see cref="SystemData"/> in lower-case hex; empty for a participant's message.</summary>
    public required string Security { get; set; }

    /// <summary>UTC, in whole milliseconds.</summary>
    public required DateTime SentAt { get; init; }

    /// <summary>When the text was last changed; null for never.</summary>
    public DateTime? EditedAt { get; set; }

    /// <summary>When the message was deleted; null for never.</summary>
    public DateTime? DeletedAt { get; set; }

    /// <summary>Public id of who deleted it; null for nobody.</summary>
    public string? DeletedBy { get; set; }

    public IList<StoredReaction> Reactions { get; init; } = [];

    public bool IsSystem => SystemData.Length > 0;
}

/// <summary>One participant's reaction to a message.</summary>
internal sealed class StoredReaction
{
    public required string Tenant { get; init; }

    public required string Room { get; init; }

    /// <summary>Sequence of the message.</summary>
    public required long Sequence { get; init; }

    public required string Emoji { get; init; }

    /// <summary>Public participant id.</summary>
    public required string ParticipantId { get; init; }

    public required DateTime ReactedAt { get; init; }
}

/// <summary>Where a room's order has got to; its row is the lock that appending to the room takes.</summary>
internal sealed class RoomCounter
{
    public required string Tenant { get; init; }

    public required string Room { get; init; }

    /// <summary>The last sequence given out; 0 when none was.</summary>
    public long LastSequence { get; init; }

    /// <summary>Grows with everything that changes what is read of the room; 0 before its first message.</summary>
    public long Revision { get; init; }
}
