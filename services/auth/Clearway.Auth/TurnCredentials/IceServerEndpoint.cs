using Clearway.Auth.Tokens;

namespace Clearway.Auth.TurnCredentials;

/// <summary>
/// STUN and TURN servers for whoever holds an invitation, to try the way out before joining. The relays are as good as those of a call, so
/// they cost an invitation.
/// </summary>
internal static class IceServerEndpoint
{
    public static void MapIceServers(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/invitations/ice-servers", OfferAsync).RequireJson();

    private static async Task<IResult> OfferAsync(HttpRequest request, TokenCheck tokens, TurnCredentialIssuer turn)
    {
        var (body, refusal) = await request.ReadAsync(AuthJson.Default.IceServerRequest);
        if (body is null)
        {
            return refusal!;
        }

        if (body.Invitation is not { Length: > 0 } typed)
        {
            return Refusal.BadRequest("invitation is missing.");
        }

        var verdict = await tokens.RunAsync<InvitationClaims>(typed, TimeSpan.Zero, request.HttpContext.RequestAborted);
        return verdict switch
        {
            { Token: not null } => TypedResults.Json(OfferedIceServers.Of(turn.Issue(ParticipantId.New())), AuthJson.Default.OfferedIceServers),
            { Refusal: TokenRefusal.Expired } => Refusal.InvitationExpired,
            { Refusal: TokenRefusal.RevocationUnknown } => Refusal.Unavailable,
            _ => Refusal.InvitationRefused,
        };
    }
}

/// <summary>Body of the question for servers.</summary>
internal sealed record IceServerRequest(string? Invitation);

/// <summary>The servers; their credentials expire in milliseconds since 1970-01-01T00:00:00Z.</summary>
internal sealed record OfferedIceServers(IReadOnlyList<OfferedIceServer> IceServers, long ExpiresAt)
{
    public static OfferedIceServers Of(V1.GetIceServersResponse offered) => new(
        [
            .. offered.IceServers.Select(server => server.Username.Length == 0
                ? new OfferedIceServer([.. server.Urls], null, null)
                : new OfferedIceServer([.. server.Urls], server.Username, server.Credential)),
        ],
        offered.ExpiresAt * 1000);
}

/// <summary>RTCIceServer of W3C webrtc-pc.</summary>
internal sealed record OfferedIceServer(IReadOnlyList<string> Urls, string? Username, string? Credential);
