namespace Clearway.Signaling.Rooms;

/// <summary>Who gives orders in a room: a participant, or a backend of the room's tenant.</summary>
/// <param name="Room">The room.</param>
/// <param name="Id">Of the participant; of a backend <c>api-key:</c> and the id of its key, which no participant has.</param>
/// <param name="Role">What orders of this one are worth.</param>
/// <param name="Tenant">The tenant, for the record.</param>
internal sealed record OrderGiver(RoomId Room, ParticipantId Id, Role Role, string Tenant)
{
    /// <summary>A participant, with the role of the token.</summary>
    internal static OrderGiver Of(Session session) => new(session.Room, session.Id, session.Presence.Role, session.Tenant);

    /// <summary>A backend, which is to the room what its organizer is.</summary>
    internal static OrderGiver OfBackend(RoomId room, string key, string tenant) =>
        new(room, new ParticipantId("api-key:" + key), Role.Organizer, tenant);
}
