using Clearway.Auth.V1;
using Clearway.Proxy.Errors;
using Google.Protobuf;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Clearway.Proxy.Access;

/// <summary>
/// Signing in by a client certificate of one's organization. TLS ends here, so here alone is known that somebody holds the certificate's key;
/// the certificate goes to Auth as a message of its own, and no header says anything of it, neither from outside nor within.
/// </summary>
internal static class CertificateSignIn
{
    private const string AccountCookie = "clearway_account";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Where an endpoint asks for client certificates (<c>ClientCertificateMode</c> of its configuration), TLS takes any: which are good for
    /// what is Auth's to judge, by authorities that this machine need not trust for anything else.
    /// </summary>
    internal static void AddCertificateSignIn(this IHostApplicationBuilder builder) =>
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.ConfigureHttpsDefaults(https => https.AllowAnyClientCertificate()));

    internal static void MapCertificateSignIn(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/api/v1/auth/certificate-sign-in", SignInAsync).RequireRateLimiting(RequestLimits.SignIn);

    private static async Task<IResult> SignInAsync(HttpContext context, AuthService.AuthServiceClient auth, TimeProvider time)
    {
        // A browser shows its certificate to every site that asks: only our own pages can send such a request.
        if (!context.Request.HasJsonContentType())
        {
            return (Problem.MediaType with { Detail = "Send application/json." }).ToResult();
        }

        if (context.Connection.ClientCertificate is not { } certificate)
        {
            return Problem.CertificateMissing.ToResult();
        }

        var answer = await auth.SignInByCertificateAsync(
            new SignInByCertificateRequest { Certificate = ByteString.CopyFrom(certificate.RawData) },
            deadline: time.GetUtcNow().UtcDateTime + Deadline,
            cancellationToken: context.RequestAborted);
        if (answer.OutcomeCase != SignInByCertificateResponse.OutcomeOneofCase.Account)
        {
            return (Problem.FromCode(answer.Refusal?.Code) ?? Problem.CertificateRefused).ToResult();
        }

        var account = answer.Account;
        context.Response.Cookies.Append(AccountCookie, account.Token, new CookieOptions
        {
            HttpOnly = true,
            Secure = true,
            SameSite = SameSiteMode.Strict,
            Path = "/api/v1",
            IsEssential = true,
            MaxAge = TimeSpan.FromSeconds(account.LifetimeSeconds),
        });
        context.Response.Headers.CacheControl = "no-store";
        return Wire.ToJson(new AccountBody(account.Id, account.Name, account.Tenant));
    }

    private sealed record AccountBody(string AccountId, string Name, string Tenant);
}
