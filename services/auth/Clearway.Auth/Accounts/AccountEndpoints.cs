using System.Net;
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
        builder.Services.AddSingleton<OrganizerPassword>();
        builder.Services.AddSingleton<SignInThrottle>();
        builder.Services.AddSingleton<AccountCookie>();
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

/// <summary>Signs an organizer in by the password of the tenant.</summary>
internal sealed class SignIn
{
    public static async Task<IResult> HandleAsync(
        HttpContext context,
        OrganizerPassword password,
        SignInThrottle throttle,
        AccountCookie cookie,
        IOptions<AccountOptions> options,
        AuthMetrics metrics,
        ILogger<SignIn> log)
    {
        var (body, refusal) = await context.Request.ReadAsync(AuthJson.Default.SignInRequest);
        if (body is null)
        {
            return refusal!;
        }

        if (body.Password is not { Length: > 0 } typed)
        {
            return Refusal.BadRequest("password is missing.");
        }

        if (!DisplayName.TryParse(body.Name, out var name))
        {
            return Refusal.NameInvalid;
        }

        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (throttle.TryEnter(address) is { } retryAfter)
        {
            log.SignInThrottled(retryAfter);
            metrics.SignIn("throttled");
            return Refusal.TooManyRequests(retryAfter);
        }

        if (!password.Matches(typed))
        {
            log.SignInRefused();
            metrics.SignIn("refused");
            return Refusal.SignInRefused;
        }

        throttle.Forgive(address);
        var tenant = new TenantId(options.Value.Tenant);
        var account = new AccountClaims(AccountId.Of(tenant, name), tenant, name);
        cookie.Set(context.Response, account);
        log.SignedIn(account.Account);
        metrics.SignIn("signed_in");
        return TypedResults.Json(AccountBody.Of(account), AuthJson.Default.AccountBody);
    }
}

/// <summary>Body of a sign-in.</summary>
internal sealed record SignInRequest(string? Name, string? Password);

/// <summary>A signed-in account.</summary>
internal sealed record AccountBody(string AccountId, string Name, string Tenant)
{
    public static AccountBody Of(AccountClaims claims) => new(claims.Account.Value, claims.Name.Value, claims.Tenant.Value);
}
