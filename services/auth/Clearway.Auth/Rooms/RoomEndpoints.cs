using Clearway.Auth.Accounts;
using Clearway.Auth.Tokens;
using Clearway.ServiceDefaults;

namespace Clearway.Auth.Rooms;

/// <summary>Creating rooms. A room is its invitations until the first participant joins.</summary>
internal static class RoomEndpoints
{
    public static void MapRooms(this IEndpointRouteBuilder routes) => routes.MapPost("/api/v1/rooms", CreateAsync).RequireJson();

    private static async Task<IResult> CreateAsync(
        HttpRequest request, Caller caller, TokenIssuer issuer, AuthMetrics metrics, ILogger<CreatedRoom> log)
    {
        var (account, refusal) = await caller.ReadAsync(request, Grant.CreateRooms);
        if (account is null)
        {
            return refusal!;
        }

        var (body, bodyRefusal) = await request.ReadAsync(AuthJson.Default.CreateRoomRequest);
        if (body is null)
        {
            return bodyRefusal!;
        }

        if (!RoomTitle.TryParse(body.Title, out var title))
        {
            return Refusal.BadRequest("title is not 1 to 120 characters without control or override characters.");
        }

        var isPolicy = RoomPolicy.TryCreate(
            body.MaxPeers ?? RoomPolicy.DefaultMaxPeers,
            body.TtlMinutes ?? RoomPolicy.DefaultTtlMinutes,
            body.Lobby ?? false,
            body.WaitForModerator ?? false,
            body.OwnTracks ?? true,
            out var policy);
        if (!isPolicy)
        {
            return Refusal.BadRequest("max_peers is not in 1 to 100, or ttl_minutes is not in 1 to 300.");
        }

        var room = RoomId.New();
        var invitation = issuer.Issue(new InvitationClaims(account.Account, account.Tenant, room, Role.Participant, title, policy!));
        var organizerInvitation = issuer.Issue(new InvitationClaims(account.Account, account.Tenant, room, Role.Organizer, title, policy!));
        log.RoomCreated(account.Account, account.Tenant, room);
        metrics.RoomCreated();
        var created = new CreatedRoom(
            room.Value, title.Value, invitation.Token, organizerInvitation.Token, invitation.ExpiresAt.ToUnixTimeMilliseconds());
        return TypedResults.Json(created, AuthJson.Default.CreatedRoom, statusCode: StatusCodes.Status201Created);
    }
}

/// <summary>Body of a room's creation.</summary>
internal sealed record CreateRoomRequest(string? Title, int? MaxPeers, int? TtlMinutes, bool? Lobby, bool? WaitForModerator, bool? OwnTracks);

/// <summary>A new room with its two ways in, which expire in milliseconds since 1970-01-01T00:00:00Z.</summary>
internal sealed record CreatedRoom(string RoomId, string Title, string Invitation, string OrganizerInvitation, long ExpiresAt);
