using System.Collections.Concurrent;
using Clearway.Auth.V1;
using Grpc.Core;

namespace Clearway.Signaling.Tests.Driver;

/// <summary>Auth over real gRPC, with tokens that say in plain text what they are good for.</summary>
internal sealed class AuthDouble : AuthService.AuthServiceBase
{
    private readonly ConcurrentBag<string> _traceParents = [];

    /// <summary>Makes Auth fail every call.</summary>
    internal bool IsDown { get; set; }

    internal IReadOnlyCollection<string> TraceParents => _traceParents;

    internal static string Token(string room, string participant, string name, Role role) => $"{room};{participant};{name};{role}";

    public override Task<VerifyTokenResponse> VerifyToken(VerifyTokenRequest request, ServerCallContext context)
    {
        ThrowWhenDown();
        if (context.RequestHeaders.GetValue("traceparent") is { } traceParent)
        {
            _traceParents.Add(traceParent);
        }

        var answer = request.Token.Split(';') is [var room, var participant, var name, var role] && request.Audience == Audience.Room
            ? new VerifyTokenResponse
            {
                Claims = new Claims
                {
                    Subject = participant,
                    Tenant = "default",
                    Room = room,
                    Session = "s-" + participant,
                    Role = Enum.Parse<Role>(role),
                    Name = name,
                    RoomTitle = "Weekly",
                },
            }
            : new VerifyTokenResponse { Refusal = new Refusal { Code = request.Token } };
        return Task.FromResult(answer);
    }

    public override Task<GetIceServersResponse> GetIceServers(GetIceServersRequest request, ServerCallContext context)
    {
        ThrowWhenDown();
        return Task.FromResult(new GetIceServersResponse
        {
            IceServers =
            {
                new IceServer { Urls = { "turn:turn.example.org:3478" }, Username = $"1:{request.Participant}", Credential = "c" },
            },
        });
    }

    private void ThrowWhenDown()
    {
        if (IsDown)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "down"));
        }
    }
}
