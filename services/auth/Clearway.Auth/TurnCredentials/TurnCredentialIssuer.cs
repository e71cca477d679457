using System.Security.Cryptography;
using System.Text;
using Clearway.Auth.V1;
using Microsoft.Extensions.Options;

namespace Clearway.Auth.TurnCredentials;

/// <summary>
/// Credentials that a TURN server checks by a shared secret (draft-uberti-behave-turn-rest): the user name carries the time of
/// expiry, the password is its HMAC-SHA1.
/// </summary>
internal sealed class TurnCredentialIssuer(IOptions<TurnOptions> options, TimeProvider time)
{
    /// <summary>A server checks them when a relay is allocated; a relay that is in use goes on after that.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>STUN and TURN servers for one participant; empty when none is configured.</summary>
    public GetIceServersResponse Issue(ParticipantId participant)
    {
        var expiresAt = (time.GetUtcNow() + Lifetime).ToUnixTimeSeconds();
        var answer = new GetIceServersResponse { ExpiresAt = expiresAt };
        var stun = new IceServer { Urls = { options.Value.Urls.Where(IceServerUrl.IsStun) } };
        if (stun.Urls.Count > 0)
        {
            answer.IceServers.Add(stun);
        }

        var turn = new IceServer { Urls = { options.Value.Urls.Where(IceServerUrl.IsTurn) } };
        if (turn.Urls.Count > 0)
        {
            turn.Username = $"{expiresAt}:{participant.Value}";
            turn.Credential = Credential(options.Value.Secret, turn.Username);
            answer.IceServers.Add(turn);
        }

        return answer;
    }

    internal static string Credential(string secret, string username)
    {
#pragma warning disable CA5350 // The protocol fixes SHA-1; as an HMAC it is not broken.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(username)));
#pragma warning restore CA5350
    }
}
