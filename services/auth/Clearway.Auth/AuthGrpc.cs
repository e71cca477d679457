using System.Diagnostics;
using System.Net;
using Clearway.Auth.Accounts;
using Clearway.Auth.Organizations;
using Clearway.Auth.Tokens;
using Clearway.Auth.TurnCredentials;
using Clearway.Auth.V1;
using Grpc.Core;

namespace Clearway.Auth;

/// <summary>What the other services ask: <c>protos/clearway/auth/v1/auth.proto</c>.</summary>
internal sealed class AuthGrpc(TokenCheck tokens, BackendCheck backends, OrganizationSignIn organizations, TurnCredentialIssuer turn) : AuthService.AuthServiceBase
{
    /// <summary>
    /// While Redis does not answer, joins with a token just issued still work. An older one may belong to somebody who was removed
    /// meanwhile, and is not accepted: the caller gets UNAVAILABLE, and may ask again.
    /// </summary>
    private static readonly TimeSpan _acceptUncheckedFor = TimeSpan.FromSeconds(60);

    private const int MaxTokens = 64;

    public override async Task<VerifyTokenResponse> VerifyToken(VerifyTokenRequest request, ServerCallContext context)
    {
        var answer = await CheckAsync(request, context.CancellationToken);
        return answer.Refusal?.Code == TokenRefusal.RevocationUnknown.Code()
            ? throw new RpcException(new Status(StatusCode.Unavailable, "whether the token was revoked cannot be told just now"))
            : answer;
    }

    public override async Task<VerifyTokensResponse> VerifyTokens(VerifyTokensRequest request, ServerCallContext context)
    {
        if (request.Requests.Count is 0 or > MaxTokens)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"1 to {MaxTokens} tokens are verified at once"));
        }

        var answers = await Task.WhenAll(request.Requests.Select(token => CheckAsync(token, context.CancellationToken)));
        return new VerifyTokensResponse { Responses = { answers } };
    }

    public override Task<VerifyApiKeyResponse> VerifyApiKey(VerifyApiKeyRequest request, ServerCallContext context)
    {
        IPAddress? address = null;
        if (request.Address.Length > 0 && !IPAddress.TryParse(request.Address, out address))
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "address is not an IP address"));
        }

        var (backend, refusal) = backends.Run(request.Credential, address);
        return Task.FromResult(backend is null
            ? new VerifyApiKeyResponse
            {
                Refusal = new V1.Refusal { Code = refusal!.Code },
                RetryAfterMs = (long)(refusal.RetryAfter?.TotalMilliseconds ?? 0),
            }
            : new VerifyApiKeyResponse
            {
                Backend = new V1.Backend { Id = backend.Id, Tenant = backend.Account.Tenant.Value, Grants = { backend.Grants } },
            });
    }

    public override Task<SignInByCertificateResponse> SignInByCertificate(SignInByCertificateRequest request, ServerCallContext context) =>
        Task.FromResult(organizations.Run(request.Certificate.ToByteArray()));

    public override Task<GetIceServersResponse> GetIceServers(GetIceServersRequest request, ServerCallContext context) =>
        ParticipantId.TryParse(request.Participant, out var participant)
            ? Task.FromResult(turn.Issue(participant))
            : throw new RpcException(new Status(StatusCode.InvalidArgument, "participant is not the id of a participant"));

    private Task<VerifyTokenResponse> CheckAsync(VerifyTokenRequest request, CancellationToken cancellation) => request.Audience switch
    {
        Audience.Account => CheckAsync<AccountClaims>(request, Describe, cancellation),
        Audience.Room => CheckAsync<RoomClaims>(request, Describe, cancellation),
        _ => throw new RpcException(new Status(StatusCode.InvalidArgument, "audience is neither account nor room")),
    };

    private async Task<VerifyTokenResponse> CheckAsync<T>(VerifyTokenRequest request, Func<T, Claims> describe, CancellationToken cancellation)
        where T : class, ITokenClaims<T>
    {
        ActivityContext.TryParse(request.TraceParent, null, isRemote: true, out var trace);
        var verdict = await tokens.RunAsync<T>(request.Token, _acceptUncheckedFor, cancellation, trace);
        if (verdict.Refusal is { } refusal)
        {
            return new VerifyTokenResponse { Refusal = new V1.Refusal { Code = refusal.Code() } };
        }

        var token = verdict.Token!;
        var claims = describe(token.Claims);
        claims.TokenId = token.Id.Value;
        claims.IssuedAt = token.IssuedAt.ToUnixTimeSeconds();
        claims.ExpiresAt = token.ExpiresAt.ToUnixTimeSeconds();
        return new VerifyTokenResponse
        {
            Claims = claims,
            IceServers = request.WithIceServers && token.Claims is RoomClaims session ? turn.Issue(session.Participant) : null,
        };
    }

    private static Claims Describe(AccountClaims account) => new()
    {
        Subject = account.Account.Value,
        Tenant = account.Tenant.Value,
        Role = V1.Role.Organizer,
        Name = account.Name.Value,
    };

    private static Claims Describe(RoomClaims session) => new()
    {
        Subject = session.Participant.Value,
        Tenant = session.Tenant.Value,
        Room = session.Room.Value,
        Session = session.Session.Value,
        Role = session.Role switch
        {
            Tokens.Role.Organizer => V1.Role.Organizer,
            Tokens.Role.Moderator => V1.Role.Moderator,
            Tokens.Role.Participant => V1.Role.Participant,
            Tokens.Role.Observer => V1.Role.Observer,
            _ => V1.Role.Unspecified,
        },
        Name = session.Name.Value,
        RoomTitle = session.Title.Value,
        Invitation = session.Invitation?.Value ?? "",
        Opening = new RoomPolicy
        {
            MaxPeers = session.Policy.MaxPeers,
            TtlMinutes = session.Policy.TtlMinutes,
            Lobby = session.Policy.Lobby,
            WaitForModerator = session.Policy.WaitForModerator,
            OwnTracks = session.Policy.OwnTracks,
        },
    };
}
