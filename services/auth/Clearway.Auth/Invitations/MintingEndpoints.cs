using Clearway.Auth.Accounts;
using Clearway.Auth.Tokens;
using Clearway.ServiceDefaults;

namespace Clearway.Auth.Invitations;

/// <summary>
/// Further ways into a room, for who made it: the organizer's invitation says which room, under which policy and whose it is, so that
/// nobody makes invitations to the rooms of others.
/// </summary>
internal static class MintingEndpoints
{
    private const int MostUses = 10_000;

    public static void MapMinting(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/invitations", MintInvitationAsync).RequireJson();
        routes.MapPost("/api/v1/tokens", MintTokenAsync).RequireJson();
    }

    private static async Task<IResult> MintInvitationAsync(HttpRequest request, Caller caller, OrganizerInvitation organizers, TokenIssuer issuer)
    {
        var (account, callerRefusal) = await caller.ReadAsync(request, Grant.MintTokens);
        if (account is null)
        {
            return callerRefusal!;
        }

        var (body, bodyRefusal) = await request.ReadAsync(AuthJson.Default.MintInvitationRequest);
        if (body is null)
        {
            return bodyRefusal!;
        }

        if (!Words.TryParse<Role>(body.Role ?? "participant", out var role) || role is Role.Organizer)
        {
            return Refusal.BadRequest("role is none of moderator, participant, observer.");
        }

        if (body.MaxUses is < 1 or > MostUses)
        {
            return Refusal.BadRequest("max_uses is not in 1 to 10000.");
        }

        var (invitation, refusal) = await organizers.ReadAsync(body.OrganizerInvitation, account, request.HttpContext.RequestAborted);
        if (invitation is null)
        {
            return refusal!;
        }

        var issued = issuer.Issue(invitation with { Role = role, MaxUses = body.MaxUses });
        return TypedResults.Json(
            new MintedInvitation(issued.Token, issued.ExpiresAt.ToUnixTimeMilliseconds()),
            AuthJson.Default.MintedInvitation,
            statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> MintTokenAsync(
        HttpRequest request, Caller caller, OrganizerInvitation organizers, SessionOpening sessions)
    {
        var (account, callerRefusal) = caller.ReadApiKey(request, Grant.MintTokens);
        if (account is null)
        {
            return callerRefusal!;
        }

        var (body, bodyRefusal) = await request.ReadAsync(AuthJson.Default.MintTokenRequest);
        if (body is null)
        {
            return bodyRefusal!;
        }

        if (!Words.TryParse<Role>(body.Role, out var role))
        {
            return Refusal.BadRequest("role is none of organizer, moderator, participant, observer.");
        }

        var (invitation, refusal) = await organizers.ReadAsync(body.OrganizerInvitation, account, request.HttpContext.RequestAborted);
        return invitation is null ? refusal! : sessions.Open(invitation with { Role = role }, redeemed: null, body.Name, body.Jwk);
    }
}

/// <summary>The invitation that a room's maker holds, as a proof of which room is theirs.</summary>
internal sealed class OrganizerInvitation(TokenCheck tokens)
{
    /// <summary>Answers the invitation, or why it proves nothing.</summary>
    public async Task<(InvitationClaims? Invitation, Refusal? Refusal)> ReadAsync(string? typed, AccountClaims account, CancellationToken cancellation)
    {
        var verdict = await tokens.RunAsync<InvitationClaims>(typed ?? "", TimeSpan.Zero, cancellation);
        return verdict switch
        {
            { Token.Claims: { Role: Role.Organizer } claims } when claims.Account == account.Account && claims.Tenant == account.Tenant => (claims, null),
            { Refusal: TokenRefusal.Expired } => (null, Refusal.InvitationExpired),
            { Refusal: TokenRefusal.RevocationUnknown } => (null, Refusal.Unavailable),
            _ => (null, Refusal.InvitationRefused),
        };
    }
}

/// <summary>Body of a further invitation.</summary>
internal sealed record MintInvitationRequest(string? OrganizerInvitation, string? Role, int? MaxUses);

/// <summary>A further invitation, which expires in milliseconds since 1970-01-01T00:00:00Z.</summary>
internal sealed record MintedInvitation(string Invitation, long ExpiresAt);

/// <summary>Body of a room token minted by a backend.</summary>
internal sealed record MintTokenRequest(string? OrganizerInvitation, string? Name, string? Role, PublicJsonWebKey? Jwk);
