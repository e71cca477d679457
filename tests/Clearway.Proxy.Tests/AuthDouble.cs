using System.Collections.Concurrent;
using Clearway.Auth.V1;
using Grpc.Core;

namespace Clearway.Proxy.Tests;

/// <summary>Tokens that say what they are: <c>organizer.roomaaaaaaaa</c> is valid, <c>refuse:token_expired</c> is refused so.</summary>
internal sealed class AuthDouble : AuthService.AuthServiceBase
{
    private int _calls;

    /// <summary>The account cookie of the organizer.</summary>
    internal const string Account = "account-of-ada";

    /// <summary>A key granted everything but to manage recordings; any other credential is refused.</summary>
    internal const string ApiKey = "Y3JtOnNlY3JldA==";

    /// <summary>Makes the next wrong keys be told to wait.</summary>
    internal TimeSpan? Throttle { get; set; }

    /// <summary>Where wrong and right keys came from.</summary>
    internal ConcurrentQueue<string> KeyAddresses { get; } = new();

    internal int Calls => _calls;

    internal static string Token(Role role, string room = Edge.Room) => $"{role}.{room}";

    internal static string Refused(string code) => "refuse:" + code;

    public override Task<VerifyApiKeyResponse> VerifyApiKey(VerifyApiKeyRequest request, ServerCallContext context)
    {
        KeyAddresses.Enqueue(request.Address);
        return Task.FromResult(request.Credential == ApiKey
            ? new VerifyApiKeyResponse
            {
                Backend = new Backend { Id = "crm", Tenant = "default", Grants = { "rooms:read", "rooms:moderate", "recordings:read" } },
            }
            : new VerifyApiKeyResponse
            {
                Refusal = new Refusal { Code = Throttle is null ? "api_key_refused" : "too_many_requests" },
                RetryAfterMs = (long)(Throttle?.TotalMilliseconds ?? 0),
            });
    }

    public override Task<VerifyTokenResponse> VerifyToken(VerifyTokenRequest request, ServerCallContext context)
    {
        Interlocked.Increment(ref _calls);
        var answer = new VerifyTokenResponse();
        if (request.Audience == Audience.Account && request.Token == Account)
        {
            answer.Claims = new Claims { Subject = "acc-ada", Tenant = "default", Name = "Ada" };
            answer.Claims.ExpiresAt = DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeSeconds();
        }
        else if (request.Audience != Audience.Room)
        {
            answer.Refusal = new Refusal { Code = "token_audience" };
        }
        else if (request.Token.StartsWith("refuse:", StringComparison.Ordinal))
        {
            answer.Refusal = new Refusal { Code = request.Token["refuse:".Length..] };
        }
        else
        {
            var parts = request.Token.Split('.');
            answer.Claims = new Claims
            {
                Subject = "p-ada",
                Tenant = "default",
                Room = parts[1],
                Session = "s-1",
                Role = Enum.Parse<Role>(parts[0]),
                Name = "Ada",
                ExpiresAt = DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeSeconds(),
            };
        }

        return Task.FromResult(answer);
    }
}
