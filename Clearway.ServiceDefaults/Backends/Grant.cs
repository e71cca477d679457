namespace Clearway.ServiceDefaults;

/// <summary>What an API key may do; the words are those of Auth's configuration and of <c>auth.proto</c>.</summary>
public static class Grant
{
    /// <summary>Makes rooms.</summary>
    public const string CreateRooms = "rooms:create";

    /// <summary>Sees open rooms and who is in them.</summary>
    public const string ReadRooms = "rooms:read";

    /// <summary>Takes people out of rooms, locks, extends and ends them.</summary>
    public const string ModerateRooms = "rooms:moderate";

    /// <summary>Makes invitations and room tokens for the rooms that it made.</summary>
    public const string MintTokens = "tokens:mint";

    /// <summary>Lists and shows recordings, and reads their manifests; a download takes a link, which is made by who manages them.</summary>
    public const string ReadRecordings = "recordings:read";

    /// <summary>Renames and deletes recordings, and makes links to them.</summary>
    public const string ManageRecordings = "recordings:manage";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [CreateRooms, ReadRooms, ModerateRooms, MintTokens, ReadRecordings, ManageRecordings];

    /// <summary>Those of a key for which none are configured: it makes rooms and brings people in. What reaches further is granted by name.</summary>
    public static IReadOnlyList<string> Usual { get; } = [CreateRooms, MintTokens];
}
