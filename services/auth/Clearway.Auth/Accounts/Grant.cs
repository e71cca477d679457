namespace Clearway.Auth.Accounts;

/// <summary>What an API key may do; the words are those of the configuration and of <c>auth.proto</c>.</summary>
internal static class Grant
{
    /// <summary>Makes rooms.</summary>
    public const string CreateRooms = "rooms:create";

    /// <summary>Makes invitations and room tokens for the rooms that it made.</summary>
    public const string MintTokens = "tokens:mint";

    /// <summary>All of them: beside these, <c>rooms:read</c>, <c>rooms:moderate</c>, <c>recordings:read</c> and <c>recordings:manage</c>, of other services.</summary>
    public static readonly IReadOnlyList<string> All =
        [CreateRooms, "rooms:read", "rooms:moderate", MintTokens, "recordings:read", "recordings:manage"];

    /// <summary>Those of a key for which none are configured: it makes rooms and brings people in. What reaches further is granted by name.</summary>
    public static readonly IList<string> Usual = [CreateRooms, MintTokens];
}
