using System.Security.Cryptography;
using System.Text;
using Clearway.Auth.V1;
using Clearway.Proxy.Errors;
using Clearway.ServiceDefaults;

namespace Clearway.Proxy.Access;

/// <summary>Checks room tokens: the one place where a bearer token becomes a room, a role and a person.</summary>
internal sealed class RoomTokens(AuthService.AuthServiceClient auth, VerifiedTokens verified, TimeProvider time)
{
    /// <summary>Longest token, as the auth service takes it.</summary>
    private const int MaxTokenBytes = 8 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    private const string AccountCookie = "clearway_account";

    /// <summary>Verifies the request's bearer token (RFC 6750 section 2.1).</summary>
    /// <returns>The claims, or <c>token_missing</c>, one of <c>token_*</c>, or <c>unavailable</c>.</returns>
    internal ValueTask<(Claims? Claims, Problem? Problem)> VerifyAsync(HttpRequest request) => Bearer(request) is { } token
        ? VerifyAsync(token, Audience.Room, request)
        : ValueTask.FromResult<(Claims?, Problem?)>((null, Problem.TokenMissing));

    /// <summary>Verifies the account cookie.</summary>
    /// <returns>The claims, or <c>not_signed_in</c>: what is wrong with a cookie is nothing that a person could act upon.</returns>
    internal async ValueTask<(Claims? Claims, Problem? Problem)> VerifyAccountAsync(HttpRequest request)
    {
        if (request.Cookies[AccountCookie] is not { Length: > 0 } token)
        {
            return (null, Problem.NotSignedIn);
        }

        var (claims, _) = await VerifyAsync(token, Audience.Account, request);
        return claims is null ? (null, Problem.NotSignedIn) : (claims, null);
    }

    private async ValueTask<(Claims? Claims, Problem? Problem)> VerifyAsync(string token, Audience audience, HttpRequest request)
    {
        if (token.Length > MaxTokenBytes)
        {
            return (null, Problem.FromCode("token_malformed"));
        }

        // A token is good for one audience only, and is remembered together with it.
        var key = new TokenHash(SHA256.HashData(Encoding.UTF8.GetBytes($"{audience} {token}")));
        if (verified.Find(key) is { } known)
        {
            return (known, null);
        }

        var answer = await auth.VerifyTokenAsync(
            new VerifyTokenRequest { Token = token, Audience = audience },
            deadline: time.GetUtcNow().UtcDateTime + Deadline,
            cancellationToken: request.HttpContext.RequestAborted);
        if (answer.OutcomeCase != VerifyTokenResponse.OutcomeOneofCase.Claims)
        {
            return (null, Problem.FromCode(answer.Refusal?.Code) ?? Problem.FromCode("token_malformed"));
        }

        verified.Keep(key, answer.Claims);
        return (answer.Claims, null);
    }

    private static string? Bearer(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && header.AsSpan(Scheme.Length).Trim() is { Length: > 0 } token
            ? token.ToString()
            : null;
    }
}

internal static class RoomTokensRegistration
{
    internal static void AddRoomTokens(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<VerifiedTokens>();
        builder.Services.AddSingleton<RoomTokens>();
        builder.Services.AddSingleton<Backends>();
        var address = builder.Configuration.GetServiceAddress("auth", "grpc");
        builder.Services
            .AddGrpcClient<AuthService.AuthServiceClient>(client => client.Address = address)
            .AddServiceResilience(resilience => resilience.Idempotent = true);
    }
}
