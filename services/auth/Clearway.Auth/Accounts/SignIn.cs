using System.Net;
using Clearway.Auth.Tokens;
using Microsoft.Extensions.Options;

namespace Clearway.Auth.Accounts;

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
