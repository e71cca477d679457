using Clearway.Auth.Certificates;
using Clearway.Auth.Tokens;
using Microsoft.Extensions.Options;

namespace Clearway.Auth.Invitations;

/// <summary>Opens a session in the room of an invitation.</summary>
internal sealed class SessionOpening(
    TokenIssuer issuer, IOptions<CertificateAuthorityOptions> certificates, AuthMetrics metrics, ILogger<SessionOpening> log)
{
    /// <summary>Answers the new session, or why the name or the key cannot be one.</summary>
    /// <param name="invitation">Into which room, and as what.</param>
    /// <param name="redeemed">The invitation's id, where it was redeemed; null for somebody whom a backend brings in.</param>
    /// <param name="typedName">Display name.</param>
    /// <param name="jwk">The session's public key, if it has one.</param>
    public IResult Open(InvitationClaims invitation, TokenId? redeemed, string? typedName, PublicJsonWebKey? jwk)
    {
        if (Refuse(typedName, jwk, out var name, out var key) is { } refusal)
        {
            return refusal;
        }

        var claims = new RoomClaims(
            ParticipantId.New(),
            SessionId.New(),
            invitation.Tenant,
            invitation.Room,
            invitation.Role,
            name,
            invitation.Title,
            invitation.Policy)
        {
            Key = key,
            Invitation = redeemed,
        };
        var issued = issuer.Issue(claims);
        log.InvitationRedeemed(claims.Room, claims.Session, claims.Participant, claims.Role);
        metrics.InvitationRedeemed(claims.Role);
        return TypedResults.Json(RedeemedInvitation.Of(claims, issued, certificates.Value.RequireVerified), AuthJson.Default.RedeemedInvitation);
    }

    /// <summary>Why these cannot be the name and the key of a session; null when they can.</summary>
    public static Refusal? Refuse(string? typedName, PublicJsonWebKey? jwk, out DisplayName name, out KeyThumbprint? key)
    {
        key = null;
        if (!DisplayName.TryParse(typedName, out name))
        {
            return Refusal.NameInvalid;
        }

        if (jwk is null)
        {
            return null;
        }

        var valid = jwk.TryGetThumbprint(out var thumbprint);
        key = thumbprint;
        return valid ? null : Refusal.BadRequest("jwk is not the public key of a P-256 key pair.");
    }
}
