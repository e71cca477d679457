using Clearway.Auth.Accounts;
using Clearway.Auth.Tokens;

namespace Clearway.Auth.Invitations;

/// <summary>Redeeming an invitation for a session in its room.</summary>
internal static class InvitationEndpoints
{
    public static void AddInvitations(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<InvitationUses>();
        builder.Services.AddSingleton<OrganizerInvitation>();
        builder.Services.AddSingleton<SessionOpening>();
    }

    public static void MapInvitations(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/invitations/redeem", RedeemAsync).RequireJson();

    private static async Task<IResult> RedeemAsync(
        HttpRequest request, TokenCheck tokens, AccountCookie cookie, InvitationUses uses, SessionOpening sessions)
    {
        var (body, refusal) = await request.ReadAsync(AuthJson.Default.RedeemRequest);
        if (body is null)
        {
            return refusal!;
        }

        if (body.Invitation is not { Length: > 0 } typed)
        {
            return Refusal.BadRequest("invitation is missing.");
        }

        // Before a use is taken: a mistyped name costs none.
        if (SessionOpening.Refuse(body.Name, body.Jwk, out _, out _) is { } openingRefusal)
        {
            return openingRefusal;
        }

        var verdict = await tokens.RunAsync<InvitationClaims>(typed, TimeSpan.Zero, request.HttpContext.RequestAborted);
        if (verdict.Token is not { Claims: var invitation } token)
        {
            return verdict.Refusal switch
            {
                TokenRefusal.Expired => Refusal.InvitationExpired,
                TokenRefusal.RevocationUnknown => Refusal.Unavailable,
                _ => Refusal.InvitationRefused,
            };
        }

        if (invitation.Role is Role.Organizer && await RefuseOrganizerAsync(request, cookie, invitation) is { } organizerRefusal)
        {
            return organizerRefusal;
        }

        if (invitation.MaxUses is { } maxUses
            && await uses.TryTakeAsync(token, maxUses, request.HttpContext.RequestAborted) is not true and var taken)
        {
            return taken is null ? Refusal.Unavailable : Refusal.InvitationUsed;
        }

        return sessions.Open(invitation, token.Id, body.Name, body.Jwk);
    }

    /// <summary>The organizer's link may leak: it is worth nothing without the account that made the room.</summary>
    private static async Task<Refusal?> RefuseOrganizerAsync(HttpRequest request, AccountCookie cookie, InvitationClaims invitation)
    {
        var (token, refusal) = await cookie.ReadAsync(request);
        return token switch
        {
            null => refusal,
            { Claims: var account } when account.Account == invitation.Account && account.Tenant == invitation.Tenant => null,
            _ => Refusal.InvitationRefused,
        };
    }
}

/// <summary>Body of a redemption.</summary>
internal sealed record RedeemRequest(string? Invitation, string? Name, PublicJsonWebKey? Jwk);

/// <summary>A new session.</summary>
internal sealed record RedeemedInvitation
{
    public required string Token { get; init; }

    /// <summary>Of the token, in milliseconds since 1970-01-01T00:00:00Z.</summary>
    public required long ExpiresAt { get; init; }

    public required string ParticipantId { get; init; }

    public required string SessionId { get; init; }

    public required string RoomId { get; init; }

    public required string RoomTitle { get; init; }

    public required string Role { get; init; }

    public required string Tenant { get; init; }

    /// <summary>Whether the browser must refuse connections to those who prove nothing.</summary>
    public required bool RequireVerified { get; init; }

    /// <summary>For the organizer only, as <see cref="TtlMinutes"/>.</summary>
    public int? MaxPeers { get; init; }

    public int? TtlMinutes { get; init; }

    public static RedeemedInvitation Of(RoomClaims claims, IssuedToken issued, bool requireVerified) => new()
    {
        Token = issued.Token,
        ExpiresAt = issued.ExpiresAt.ToUnixTimeMilliseconds(),
        ParticipantId = claims.Participant.Value,
        SessionId = claims.Session.Value,
        RoomId = claims.Room.Value,
        RoomTitle = claims.Title.Value,
        Role = Words.Of(claims.Role),
        Tenant = claims.Tenant.Value,
        RequireVerified = requireVerified,
        MaxPeers = claims.Role is Tokens.Role.Organizer ? claims.Policy.MaxPeers : null,
        TtlMinutes = claims.Role is Tokens.Role.Organizer ? claims.Policy.TtlMinutes : null,
    };
}
