using Clearway.Auth.Tokens;
using Clearway.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace Clearway.Auth.Accounts;

/// <summary>Signing in and out as an organizer.</summary>
internal static class AccountEndpoints
{
    public static void AddAccounts(this IHostApplicationBuilder builder)
    {
        builder.RequireSecret("Auth:OrganizerPassword", AccountOptions.LeastPasswordLength);
        builder.Services.AddOptions<AccountOptions>().BindConfiguration("Auth").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AccountOptions>, AccountOptionsValidator>();
        builder.Services.AddOptions<ForwardedHeadersOptions>()
            .Configure<IOptions<AccountOptions>>((headers, account) => headers.ForwardLimit = account.Value.ForwardedHops);
        builder.Services.AddSingleton<OrganizerPassword>();
        builder.Services.AddSingleton<SignInThrottle>();
        builder.Services.AddSingleton<AccountCookie>();
        builder.Services.AddSingleton<BackendCheck>();
        builder.Services.AddSingleton<Caller>();
        ApiKeys.Require(builder);
    }

    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/auth/sign-in", SignIn.HandleAsync).RequireJson();
        routes.MapPost("/api/v1/auth/sign-out", SignOutAsync).RequireJson();
        routes.MapGet("/api/v1/auth/account", GetAccountAsync);
    }

    private static async Task<IResult> GetAccountAsync(HttpRequest request, AccountCookie cookie)
    {
        var (token, refusal) = await cookie.ReadAsync(request);
        return token is null ? refusal! : TypedResults.Json(AccountBody.Of(token.Claims), AuthJson.Default.AccountBody);
    }

    private static async Task<IResult> SignOutAsync(
        HttpContext context, AccountCookie cookie, Revocations revocations, TimeProvider time, ILogger<SignIn> log)
    {
        var (token, refusal) = await cookie.ReadAsync(context.Request);
        cookie.Clear(context.Response);
        if (token is null)
        {
            return refusal == Refusal.NotSignedIn ? TypedResults.NoContent() : refusal!;
        }

        // A copy of the cookie must end as well, until it would have expired by itself.
        var rest = token.ExpiresAt - time.GetUtcNow() + TokenVerifier.ClockSkew;
        if (!await revocations.RevokeAsync(token.Id.Value, rest, context.RequestAborted))
        {
            return Refusal.Unavailable;
        }

        log.SignedOut(token.Claims.Account);
        return TypedResults.NoContent();
    }
}
