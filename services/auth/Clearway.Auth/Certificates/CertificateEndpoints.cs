using Clearway.Auth.Tokens;
using Microsoft.Extensions.Options;

namespace Clearway.Auth.Certificates;

/// <summary>Certificates for the keys that browsers make, and the authorities that vouch for them.</summary>
internal static class CertificateEndpoints
{
    private static readonly string _cacheControl = $"public, max-age={TimeSpan.FromMinutes(5).TotalSeconds}";

    public static void AddCertificates(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<CertificateAuthorityOptions>().BindConfiguration("Auth").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<CertificateAuthorityOptions>, CertificateAuthorityOptionsValidator>();
        builder.Services.AddSingleton<CertificateAuthoritySource>();
        builder.Services.AddSingleton(services => services.GetRequiredService<CertificateAuthoritySource>().Load());
    }

    /// <exception cref="ConfigurationRefusedException">The certificate authority cannot be loaded.</exception>
    public static void MapCertificates(this IEndpointRouteBuilder routes)
    {
        var authority = routes.ServiceProvider.GetRequiredService<CertificateAuthority>();
        routes.MapGet("/.well-known/clearway-ca.pem", (HttpResponse response) =>
        {
            response.Headers.CacheControl = _cacheControl;
            // RFC 8555 section 9.1
            return TypedResults.Text(authority.PublishedPem(), "application/pem-certificate-chain");
        });
        routes.MapPost("/api/v1/certificates", IssueAsync).RequireJson();
    }

    private static async Task<IResult> IssueAsync(
        HttpRequest request,
        BearerToken bearer,
        CertificateAuthority authority,
        TimeProvider time,
        AuthMetrics metrics,
        ILogger<CertificateAuthority> log)
    {
        var (token, tokenRefusal) = await bearer.ReadAsync<RoomClaims>(request);
        if (token is null)
        {
            return tokenRefusal!;
        }

        var (body, bodyRefusal) = await request.ReadAsync(AuthJson.Default.CertificateRequestBody);
        if (body is null)
        {
            return bodyRefusal!;
        }

        if (!TryDecode(body.Request, out var der) || !CertificateSigningRequest.TryRead(der, out var key, out var thumbprint))
        {
            return Refusal.BadRequest("request is not a PKCS#10 request for a P-256 key without subject and attributes, in base64.");
        }

        if (token.Claims.Key != thumbprint)
        {
            return Refusal.KeyRefused;
        }

        if (authority.Issue(token.Claims, key, token.ExpiresAt) is not { } issued)
        {
            log.NoAuthoritySigns();
            return Refusal.CertificatesUnavailable;
        }

        metrics.CertificateIssued();
        var answer = new CertificateBody(
            [.. issued.Chain.Select(Convert.ToBase64String)], issued.ExpiresAt.ToUnixTimeMilliseconds(), time.GetUtcNow().ToUnixTimeMilliseconds());
        return TypedResults.Json(answer, AuthJson.Default.CertificateBody);
    }

    private static bool TryDecode(string? base64, out byte[] der)
    {
        der = new byte[CertificateSigningRequest.MaxBytes];
        var decoded = Convert.TryFromBase64String(base64 ?? "", der, out var length);
        der = der[..length];
        return decoded;
    }
}

/// <summary>Body of a request for a certificate: PKCS#10 in DER, in base64 (RFC 4648 section 4).</summary>
internal sealed record CertificateRequestBody(string? Request);

/// <summary>
/// A certificate and its issuer's, each DER in base64 as in <c>x5c</c> of RFC 7515; times in milliseconds since 1970-01-01T00:00:00Z.
/// <paramref name="ServerTime"/> lets a browser whose clock is wrong judge the times of other certificates.
/// </summary>
internal sealed record CertificateBody(IReadOnlyList<string> Chain, long ExpiresAt, long ServerTime);
