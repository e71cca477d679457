using Clearway.Auth.V1;
using Clearway.Signaling.Cluster;
using Clearway.Signaling.Protocol;
using Clearway.Signaling.Rooms;

namespace Clearway.Signaling.Administration;

/// <summary>A room that a backend may see.</summary>
internal sealed record FoundRoom(RoomId Id, RosterSnapshot Snapshot);

/// <summary>
/// Orders of backends. Giving one that holds already succeeds and changes nothing, so each may be repeated when its answer was lost.
/// </summary>
internal sealed class BackendOrders(Roster roster, RoomDirectory rooms, RoomCommands commands, TimeProvider time)
{
    private const int MaxIdCharacters = 64;

    /// <summary>An open room of the backend's tenant; null for one of another tenant as for none. Throws as <see cref="Roster"/> does.</summary>
    internal async Task<FoundRoom?> FindAsync(Backend backend, string room) =>
        await ReadAsync(backend, room) is { } found && found.Snapshot.Policy.Policy!.Deadline > time.GetUtcNow().ToUnixTimeMilliseconds()
            ? found
            : null;

    /// <summary>Whether the tenant's room was ended before its time.</summary>
    internal async Task<bool> EndedAsync(Backend backend, string room) =>
        await ReadAsync(backend, room) is { Snapshot.Policy.Policy.EndedBy.Length: > 0 };

    /// <summary>Gives an order, and answers as REST does.</summary>
    internal async Task<IResult> GiveAsync(Backend backend, string room, ClientMessage.Control order)
    {
        if (await FindAsync(backend, room) is not { } found)
        {
            return RestRefusal.NotFound;
        }

        // The node may hold nobody of the room: then it is here for this order alone.
        var known = rooms.Acquire(found.Id);
        try
        {
            var refusal = await commands.ObeyAsync(known, OrderGiver.OfBackend(found.Id, backend.Id, backend.Tenant), order);
            return refusal?.Code switch
            {
                null => TypedResults.NoContent(),
                "target_unknown" => found.Snapshot.Orders.Orders.Kicked.ContainsKey(order.TargetId!)
                    ? TypedResults.NoContent()
                    : RestRefusal.NoParticipant,
                "unavailable" => RestRefusal.Unavailable,
                _ => RestRefusal.BadRequest(refusal.Message),
            };
        }
        finally
        {
            rooms.Release(known);
        }
    }

    private async Task<FoundRoom?> ReadAsync(Backend backend, string room)
    {
        if (room.Length > MaxIdCharacters || !room.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            return null;
        }

        var snapshot = await roster.ReadAsync(new RoomId(room));
        return snapshot.Policy.Policy?.Tenant == backend.Tenant ? new FoundRoom(new RoomId(room), snapshot) : null;
    }
}
