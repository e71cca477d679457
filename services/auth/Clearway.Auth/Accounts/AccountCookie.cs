using Clearway.Auth.Tokens;

namespace Clearway.Auth.Accounts;

/// <summary>Carries the account's token in a cookie that no script can read and no other site can send.</summary>
internal sealed class AccountCookie(TokenCheck tokens, TokenIssuer issuer, IHostEnvironment environment)
{
    public const string Name = "clearway_account";

    public void Set(HttpResponse response, AccountClaims claims)
    {
        var issued = issuer.Issue(claims);
        var options = Options();
        options.MaxAge = AccountClaims.Lifetime;
        response.Cookies.Append(Name, issued.Token, options);
    }

    public void Clear(HttpResponse response) => response.Cookies.Delete(Name, Options());

    /// <summary>Answers the account, or why the request is refused.</summary>
    public async Task<(VerifiedToken<AccountClaims>? Token, Refusal? Refusal)> ReadAsync(HttpRequest request)
    {
        if (request.Cookies[Name] is not { Length: > 0 } cookie)
        {
            return (null, Refusal.NotSignedIn);
        }

        var verdict = await tokens.RunAsync<AccountClaims>(cookie, TimeSpan.Zero, request.HttpContext.RequestAborted);
        return verdict switch
        {
            { Token: { } token } => (token, null),
            { Refusal: TokenRefusal.RevocationUnknown } => (null, Refusal.Unavailable),
            _ => (null, Refusal.NotSignedIn),
        };
    }

    private CookieOptions Options() => new()
    {
        HttpOnly = true,
        Secure = !environment.IsDevelopment(),
        SameSite = SameSiteMode.Strict,
        Path = "/api/v1",
        IsEssential = true,
    };
}
