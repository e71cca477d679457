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

    public override async Task<VerifyTokenResponse> VerifyToken(VerifyTokenRequest request, ServerCallContext context) => request.Audience switch
    {
        Audience.Account => Answer(await CheckAsync<AccountClaims>(request, context), Describe),
        Audience.Room => Answer(await CheckAsync<RoomClaims>(request, context), Describe),
        _ => throw new RpcException(new Status(StatusCode.InvalidArgument, "audience is neither account nor room")),
    };

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

    private Task<TokenVerdict<T>> CheckAsync<T>(VerifyTokenRequest request, ServerCallContext context)
        where T : class, ITokenClaims<T> => tokens.RunAsync<T>(request.Token, _acceptUncheckedFor, context.CancellationToken);

    private static VerifyTokenResponse Answer<T>(TokenVerdict<T> verdict, Func<T, Claims> describe)
    {
        if (verdict.Refusal is { } refusal)
        {
            return refusal is TokenRefusal.RevocationUnknown
                ? throw new RpcException(new Status(StatusCode.Unavailable, "whether the token was revoked cannot be told just now"))
                : new VerifyTokenResponse { Refusal = new V1.Refusal { Code = refusal.Code() } };
        }

        var token = verdict.Token!;
        var claims = describe(token.Claims);
        claims.TokenId = token.Id.Value;
        claims.IssuedAt = token.IssuedAt.ToUnixTimeSeconds();
        claims.ExpiresAt = token.ExpiresAt.ToUnixTimeSeconds();
        return new VerifyTokenResponse { Claims = claims };
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
        },
    };
}
