using System.Diagnostics.CodeAnalysis;

namespace Clearway.Auth.Rooms;

/// <summary>
/// What a room may use, and how one gets in, as its organizer wished: signed into every invitation and room token, so that whoever joins
/// first opens the room by it.
/// </summary>
internal sealed record RoomPolicy
{
    public const int DefaultMaxPeers = 100;

    public const int DefaultTtlMinutes = 30;

    private RoomPolicy(int maxPeers, int ttlMinutes, bool lobby, bool waitForModerator, bool ownTracks) =>
        (MaxPeers, TtlMinutes, Lobby, WaitForModerator, OwnTracks) = (maxPeers, ttlMinutes, lobby, waitForModerator, ownTracks);

    /// <summary>1 to 100.</summary>
    public int MaxPeers { get; }

    /// <summary>1 to 300.</summary>
    public int TtlMinutes { get; }

    /// <summary>Whether newcomers knock, and a moderator admits them.</summary>
    public bool Lobby { get; }

    /// <summary>Whether newcomers wait until the organizer or a moderator is there.</summary>
    public bool WaitForModerator { get; }

    /// <summary>Whether participants may record themselves.</summary>
    public bool OwnTracks { get; }

    /// <summary>False when something is missing or out of range.</summary>
    public static bool TryCreate(
        int? maxPeers, int? ttlMinutes, bool? lobby, bool? waitForModerator, bool ownTracks, [NotNullWhen(true)] out RoomPolicy? policy)
    {
        policy = maxPeers is >= 1 and <= 100 && ttlMinutes is >= 1 and <= 300 && lobby is { } knocks && waitForModerator is { } waits
            ? new RoomPolicy(maxPeers.Value, ttlMinutes.Value, knocks, waits, ownTracks)
            : null;
        return policy is not null;
    }
}
