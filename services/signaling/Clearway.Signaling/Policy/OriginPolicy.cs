using Microsoft.Extensions.Options;

namespace Clearway.Signaling.Policy;

/// <summary>
/// Which web pages may open a connection (RFC 6455 section 10.2): those of the allowed list and, in Development, those that the
/// request's own host served. A request without Origin is not a browser's and passes.
/// </summary>
internal sealed class OriginPolicy(IOptions<OriginOptions> options, IHostEnvironment environment)
{
    internal bool Allows(HttpRequest request)
    {
        var origins = request.Headers.Origin;
        if (origins.Count == 0)
        {
            return true;
        }

        if (origins.Count > 1 || origins[0] is not { } origin)
        {
            return false;
        }

        return options.Value.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase)
            || (environment.IsDevelopment()
                && Uri.TryCreate(origin, UriKind.Absolute, out var page)
                && (IsHost(page, request.Host.Value) || IsHost(page, request.Headers["X-Forwarded-Host"])));
    }

    private static bool IsHost(Uri page, string? host) =>
        !string.IsNullOrEmpty(host) && string.Equals(page.Authority, host, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Tells the operator at start-up when no browser will get in.</summary>
internal sealed class OriginNotice(IOptions<OriginOptions> options, IHostEnvironment environment, ILogger<OriginNotice> logger)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!environment.IsDevelopment() && options.Value.AllowedOrigins.Count == 0)
        {
            Log.NoOrigins(logger);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
