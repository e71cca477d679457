namespace Clearway.Auth.Rooms;

/// <summary>How large a room its organizer wishes for, and for how long: 1 to 100 peers, 1 to 300 minutes.</summary>
internal sealed record RoomWish
{
    public const int DefaultMaxPeers = 100;

    public const int DefaultTtlMinutes = 30;

    private RoomWish(int maxPeers, int ttlMinutes) => (MaxPeers, TtlMinutes) = (maxPeers, ttlMinutes);

    public int MaxPeers { get; }

    public int TtlMinutes { get; }

    /// <summary>False when one of the two is missing or out of range.</summary>
    public static bool TryCreate(int? maxPeers, int? ttlMinutes, out RoomWish? wish)
    {
        wish = maxPeers is >= 1 and <= 100 && ttlMinutes is >= 1 and <= 300 ? new RoomWish(maxPeers.Value, ttlMinutes.Value) : null;
        return wish is not null;
    }
}
