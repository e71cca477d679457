namespace Clearway.Auth.Tokens;

/// <summary>What a participant may do in a room.</summary>
internal enum Role
{
    /// <summary>Made the room.</summary>
    Organizer,

    /// <summary>Moderates on the organizer's behalf.</summary>
    Moderator,

    /// <summary>Speaks and is seen.</summary>
    Participant,

    /// <summary>Watches only.</summary>
    Observer,
}
