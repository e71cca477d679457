using Clearway.Auth.V1;
using Clearway.Signaling.Protocol;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Clearway.Signaling.Policy;

/// <summary>
/// What Auth says about who joins. A call is not taken back when its connection goes: many that come and go would be a flood of resets, on
/// which Auth closes the one connection that everybody's calls go over.
/// </summary>
internal sealed class TokenCheck(
    AuthService.AuthServiceClient auth, TimeProvider time, IOptions<SignalingOptions> options, ILogger<TokenCheck> logger)
{
    private DateTime Deadline => time.GetUtcNow().UtcDateTime + options.Value.AuthTimeout;

    /// <summary>The claims of a room token, or why it is refused. Without an answer of Auth nobody is let in.</summary>
    internal async Task<(Claims? Claims, CloseReason? Refused)> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await auth.VerifyTokenAsync(
                new VerifyTokenRequest { Token = token, Audience = Audience.Room },
                deadline: Deadline,
                cancellationToken: CancellationToken.None).ResponseAsync.WaitAsync(cancellationToken);
            return answer.OutcomeCase switch
            {
                VerifyTokenResponse.OutcomeOneofCase.Claims when IsWhole(answer.Claims) => (answer.Claims, null),
                VerifyTokenResponse.OutcomeOneofCase.Refusal => (null, CloseReason.Token(answer.Refusal.Code)),
                _ => (null, CloseReason.Token("token_malformed")),
            };
        }
        catch (OperationCanceledException)
        {
            // Nobody is there to be told.
            return (null, CloseReason.Unavailable);
        }
        catch (RpcException exception)
        {
            Log.AuthDoesNotAnswer(logger, exception.StatusCode, exception);
            return (null, CloseReason.Unavailable);
        }
    }

    /// <summary>ICE servers for a participant; none when Auth does not tell them, for many calls connect without.</summary>
    internal async Task<IReadOnlyList<IceServer>> IceServersAsync(Claims claims, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await auth.GetIceServersAsync(
                new GetIceServersRequest { Participant = claims.Subject, Tenant = claims.Tenant },
                deadline: Deadline,
                cancellationToken: CancellationToken.None).ResponseAsync.WaitAsync(cancellationToken);
            return answer.IceServers;
        }
        catch (OperationCanceledException)
        {
            return [];
        }
        catch (RpcException exception)
        {
            Log.NoIceServers(logger, exception.StatusCode, exception);
            return [];
        }
    }

    private static bool IsWhole(Claims claims) =>
        claims.Subject.Length is > 0 and <= ClientFrameReader.MaxIdCharacters
        && claims.Room.Length is > 0 and <= ClientFrameReader.MaxIdCharacters;
}
