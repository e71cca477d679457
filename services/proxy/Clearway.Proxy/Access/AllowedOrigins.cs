using Clearway.Proxy.Errors;
using Microsoft.Net.Http.Headers;

namespace Clearway.Proxy.Access;

/// <summary>
/// Refuses browsers of other origins: every state change and the WebSocket handshake must come from an origin on the list or, in
/// Development, from the request's own host. A request without Origin is not a browser's. Pages of listed origins may read what the API
/// answers (Fetch standard, CORS), and never with the cookies of this one.
/// </summary>
internal static class AllowedOrigins
{
    internal static void AddAllowedOrigins(this IHostApplicationBuilder builder)
    {
        builder.Services.AddCors();
        builder.Services.AddOptions<OriginOptions>()
            .Bind(builder.Configuration.GetSection("Clearway"))
            .Validate(
                options => options.AllowedOrigins.All(IsOrigin),
                "Clearway:AllowedOrigins takes origins such as https://meet.example.org, without a path.")
            .ValidateOnStart();
    }

    internal static void UseAllowedOrigins(this WebApplication app)
    {
        var allowed = app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<OriginOptions>>().Value.AllowedOrigins
            .Select(Normalize)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var ownHost = app.Environment.IsDevelopment();
        if (allowed.Count > 0)
        {
            app.UseWhen(IsShared, shared => shared.UseCors(policy => policy
                .WithOrigins([.. allowed])
                .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
                .AllowAnyHeader()
                .WithExposedHeaders(HeaderNames.RetryAfter)
                .SetPreflightMaxAge(TimeSpan.FromHours(1))));
        }

        app.Use((context, next) =>
        {
            var request = context.Request;
            return IsGuarded(request) && request.Headers.TryGetValue(HeaderNames.Origin, out var origin)
                && !(origin is [{ } one] && (allowed.Contains(one) || (ownHost && IsOwnHost(one, request.Host))))
                ? Problem.OriginRefused.ToResult().ExecuteAsync(context)
                : next(context);
        });
    }

    private static bool IsGuarded(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        || request.Path.Equals("/api/v1/ws", StringComparison.OrdinalIgnoreCase);

    private static bool IsShared(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/api") || context.Request.Path.StartsWithSegments("/.well-known");

    private static bool IsOwnHost(string? origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && IsHttp(uri)
        && (string.Equals(uri.Authority, host.Value, StringComparison.OrdinalIgnoreCase)
            || (uri.IsDefaultPort && host.Port is null or 80 or 443
                && string.Equals(uri.Host, host.Host, StringComparison.OrdinalIgnoreCase)));

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && IsHttp(uri)
        && uri.PathAndQuery == "/" && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0;

    private static string Normalize(string origin) => new Uri(origin).GetLeftPart(UriPartial.Authority);

    private static bool IsHttp(Uri uri) => uri.Scheme is "http" or "https";
}

internal sealed class OriginOptions
{
    /// <summary>Origins of browsers, as RFC 6454 writes them.</summary>
    public IList<string> AllowedOrigins { get; } = [];
}
