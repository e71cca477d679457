namespace Clearway.Signaling.Rooms;

/// <summary>What a participant may do; from the verified token alone.</summary>
internal enum Role
{
    Organizer,
    Moderator,
    Participant,
    Observer,
}

internal static class RoleNames
{
    internal static string Text(this Role role) => role switch
    {
        Role.Organizer => "organizer",
        Role.Moderator => "moderator",
        Role.Observer => "observer",
        _ => "participant",
    };

    /// <summary>The role of a token; one that is not known has the fewest rights.</summary>
    internal static Role Of(Auth.V1.Role role) => role switch
    {
        Auth.V1.Role.Organizer => Role.Organizer,
        Auth.V1.Role.Moderator => Role.Moderator,
        Auth.V1.Role.Participant => Role.Participant,
        _ => Role.Observer,
    };

    /// <summary>Whether the role gives orders: these come into every room, and let others in.</summary>
    internal static bool Leads(this Role role) => role is Role.Organizer or Role.Moderator;
}
