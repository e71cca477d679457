using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Clearway.Auth.V1;
using Grpc.Core;

namespace Clearway.Signaling.Tests.Driver;

/// <summary>Auth over real gRPC, with tokens that say in plain text what they are good for.</summary>
internal sealed class AuthDouble : AuthService.AuthServiceBase
{
    private readonly ConcurrentBag<string> _traceParents = [];
    private readonly ConcurrentQueue<int> _batches = [];

    /// <summary>Makes Auth fail every call.</summary>
    internal bool IsDown { get; set; }

    /// <summary>Until it completes, no token is verified.</summary>
    internal Task Held { get; set; } = Task.CompletedTask;

    internal IReadOnlyCollection<string> TraceParents => _traceParents;

    /// <summary>How many tokens each call brought.</summary>
    internal IReadOnlyCollection<int> Batches => _batches;

    /// <summary>When tokens expire that do not say so: in the year 2100, in seconds since 1970.</summary>
    internal const long ExpiresAt = 4_102_444_800;

    /// <summary>A good token.</summary>
    /// <param name="room">The room.</param>
    /// <param name="participant">Public id.</param>
    /// <param name="name">Display name.</param>
    /// <param name="role">The role.</param>
    /// <param name="opening">The policy by which the room is opened, as <c>8,45,lobby,wait,tracks</c>; without one the gateway's own.</param>
    /// <param name="session">The session's id.</param>
    /// <param name="expiresAt">Seconds since 1970.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="invitation">Id of the invitation that was redeemed.</param>
    internal static string Token(
        string room,
        string participant,
        string name,
        Role role,
        string opening = "",
        string? session = null,
        long expiresAt = ExpiresAt,
        string tenant = "default",
        string invitation = "") =>
        $"{room};{participant};{name};{role};{opening};{session ?? "s-" + participant};{expiresAt};{tenant};{invitation}";

    public override async Task<VerifyTokensResponse> VerifyTokens(VerifyTokensRequest request, ServerCallContext context)
    {
        ThrowWhenDown();
        if (context.RequestHeaders.GetValue("traceparent") is { } traceParent)
        {
            _traceParents.Add(traceParent);
        }

        foreach (var token in request.Requests.Where(token => token.TraceParent.Length > 0))
        {
            _traceParents.Add(token.TraceParent);
        }

        _batches.Enqueue(request.Requests.Count);
        await Held;
        return new VerifyTokensResponse { Responses = { request.Requests.Select(Verify) } };
    }

    private static VerifyTokenResponse Verify(VerifyTokenRequest request) =>
        request.Token.Split(';') is
            [var room, var participant, var name, var role, var opening, var session, var expiresAt, var tenant, var invitation]
            && request.Audience == Audience.Room
            ? new VerifyTokenResponse
            {
                Claims = new Claims
                {
                    Subject = participant,
                    Tenant = tenant,
                    Room = room,
                    Session = session,
                    ExpiresAt = long.Parse(expiresAt, CultureInfo.InvariantCulture),
                    Opening = Opening(opening),
                    Role = Enum.Parse<Role>(role),
                    Name = name,
                    Invitation = invitation,
                    RoomTitle = "Weekly",
                },
                IceServers = request.WithIceServers ? IceServers(participant) : null,
            }
            : new VerifyTokenResponse { Refusal = new Refusal { Code = request.Token } };

    /// <summary>The secret of every API key, each of which names its tenant and grants: <c>ID/TENANT/GRANT,GRANT:SECRET</c>.</summary>
    internal const string ApiKeySecret = "right";

    public override Task<VerifyApiKeyResponse> VerifyApiKey(VerifyApiKeyRequest request, ServerCallContext context)
    {
        ThrowWhenDown();
        var credential = Encoding.UTF8.GetString(Convert.FromBase64String(request.Credential));
        var at = credential.LastIndexOf(':');
        var parts = credential[..at].Split('/');
        return Task.FromResult(credential[(at + 1)..] == ApiKeySecret && request.Address.Length == 0
            ? new VerifyApiKeyResponse { Backend = new Backend { Id = parts[0], Tenant = parts[1], Grants = { parts[2].Split(',') } } }
            : new VerifyApiKeyResponse { Refusal = new Refusal { Code = "api_key_refused" } });
    }

    public override Task<GetIceServersResponse> GetIceServers(GetIceServersRequest request, ServerCallContext context)
    {
        ThrowWhenDown();
        return Task.FromResult(IceServers(request.Participant));
    }

    private static GetIceServersResponse IceServers(string participant) => new()
    {
        IceServers = { new IceServer { Urls = { "turn:turn.example.org:3478" }, Username = $"1:{participant}", Credential = "c" } },
    };

    private static RoomPolicy? Opening(string text) => text.Split(',') is [var peers, var minutes, .. var more]
        ? new RoomPolicy
        {
            MaxPeers = int.Parse(peers, CultureInfo.InvariantCulture),
            TtlMinutes = int.Parse(minutes, CultureInfo.InvariantCulture),
            Lobby = more.Contains("lobby"),
            WaitForModerator = more.Contains("wait"),
            OwnTracks = more.Contains("tracks"),
        }
        : null;

    private void ThrowWhenDown()
    {
        if (IsDown)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "down"));
        }
    }
}
