using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace Clearway.Auth.Tokens;

/// <summary>Refreshing room tokens, and the public keys.</summary>
internal static class TokenEndpoints
{
    /// <summary>A new key must have reached every verifier before it signs: they may keep this answer for so long.</summary>
    private static readonly string _cacheControl = $"public, max-age={TimeSpan.FromMinutes(5).TotalSeconds}";

    public static void AddTokens(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<SigningKeyOptions>().BindConfiguration("Auth").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SigningKeyOptions>, SigningKeyOptionsValidator>();
        builder.Services.AddOptions<RevocationOptions>()
            .BindConfiguration("Auth")
            .Validate(options => options.RevocationTimeout > TimeSpan.Zero, "Auth__RevocationTimeout is not a positive time span")
            .ValidateOnStart();
        builder.Services.AddOptions<SessionOptions>()
            .BindConfiguration("Auth")
            .Validate(options => options.LongestSession > TimeSpan.Zero, "Auth__LongestSession is not a positive time span")
            .ValidateOnStart();
        builder.Services.AddSingleton<SigningKeySource>();
        builder.Services.AddSingleton(services => services.GetRequiredService<SigningKeySource>().Load());
        builder.Services.AddSingleton<JwsVerifier>();
        builder.Services.AddSingleton<TokenVerifier>();
        builder.Services.AddSingleton<TokenIssuer>();
        builder.Services.AddSingleton<Revocations>();
        builder.Services.AddSingleton<TokenCheck>();
        builder.Services.AddSingleton<BearerToken>();
    }

    /// <exception cref="ConfigurationRefusedException">The signing keys cannot be loaded.</exception>
    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        var jwks = JsonWebKeySet.Of(routes.ServiceProvider.GetRequiredService<SigningKeys>());
        routes.MapGet("/.well-known/jwks.json", (HttpResponse response) =>
        {
            response.Headers.CacheControl = _cacheControl;
            return TypedResults.Json(jwks, AuthJson.Default.JsonWebKeySet);
        });
        routes.MapPost("/api/v1/tokens/refresh", RefreshAsync).RequireJson();
    }

    private static async Task<IResult> RefreshAsync(
        HttpRequest request, BearerToken bearer, TokenIssuer issuer, IOptions<SessionOptions> sessions, TimeProvider time)
    {
        var (verified, refusal) = await bearer.ReadAsync<RoomClaims>(request);
        if (verified is null)
        {
            return refusal!;
        }

        var openedAt = verified.Claims.OpenedAt ?? verified.IssuedAt;
        if (time.GetUtcNow() - openedAt >= sessions.Value.LongestSession)
        {
            return Refusal.SessionOver;
        }

        // The key stays what it was, or none: whoever relays the token must not be able to bind a key of their own to it.
        var issued = issuer.Issue(verified.Claims with { OpenedAt = openedAt });
        return TypedResults.Json(
            new RefreshedToken { Token = issued.Token, ExpiresAt = issued.ExpiresAt.ToUnixTimeMilliseconds() },
            AuthJson.Default.RefreshedToken);
    }
}

/// <summary>Answer to a refresh.</summary>
internal sealed record RefreshedToken
{
    public required string Token { get; init; }

    /// <summary>Milliseconds since 1970-01-01T00:00:00Z.</summary>
    public required long ExpiresAt { get; init; }
}

/// <summary>RFC 7517 section 5: public parts only.</summary>
internal sealed record JsonWebKeySet
{
    public required IReadOnlyList<JsonWebKey> Keys { get; init; }

    public static JsonWebKeySet Of(SigningKeys keys) => new()
    {
        Keys = [.. keys.All.Select(key => new JsonWebKey { KeyId = key.KeyId, X = key.X, Y = key.Y })],
    };
}

/// <summary>RFC 7518 section 6.2.1.</summary>
internal sealed record JsonWebKey
{
    [JsonPropertyName("kty")] public string KeyType { get; } = "EC";

    [JsonPropertyName("crv")] public string Curve { get; } = "P-256";

    [JsonPropertyName("alg")] public string Algorithm { get; } = JwsVerifier.Algorithm;

    [JsonPropertyName("use")] public string Use { get; } = "sig";

    [JsonPropertyName("kid")] public required string KeyId { get; init; }

    public required string X { get; init; }

    public required string Y { get; init; }
}
