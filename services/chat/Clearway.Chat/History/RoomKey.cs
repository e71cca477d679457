using System.Text.RegularExpressions;

namespace Clearway.Chat.History;

/// <summary>The public id of a room within its tenant: every access to the history names both.</summary>
/// <param name="Tenant">1 to 64 of a-z, 0-9 and the hyphen.</param>
/// <param name="Room">The same.</param>
internal readonly partial record struct RoomKey(string Tenant, string Room)
{
    /// <summary>Reads ids that came from outside.</summary>
    /// <returns>Null when they are well formed.</returns>
    public static Refusal? Check(string tenant, string room, out RoomKey key)
    {
        key = new RoomKey(tenant, room);
        return !Id().IsMatch(tenant) ? Refusal.TenantInvalid : !Id().IsMatch(room) ? Refusal.RoomInvalid : null;
    }

    [GeneratedRegex(@"^[a-z0-9-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}
