using Microsoft.Extensions.Configuration;

namespace Clearway.AppHost;

/// <summary>Which web pages may call Clearway.</summary>
internal static class WebOrigins
{
    /// <summary>
    /// Allows the pages that <paramref name="proxy"/> serves and the origins under <c>Clearway:AllowedOrigins</c>: a domain of the
    /// installation's own, or pages that embed calls. On this machine services compare a page with the host that it was asked from.
    /// </summary>
    /// <param name="service">A service that browsers reach.</param>
    /// <param name="proxy">The service that serves the pages.</param>
    public static IResourceBuilder<ProjectResource> WithWebOrigins(this IResourceBuilder<ProjectResource> service, IResourceBuilder<ProjectResource> proxy)
    {
        var builder = service.ApplicationBuilder;
        var count = 0;
        if (builder.ExecutionContext.IsPublishMode)
        {
            // App platforms end TLS before the proxy: its own endpoint is http, the one that browsers see is https.
            service.WithEnvironment($"Clearway__AllowedOrigins__{count++}", proxy.GetEndpoint("https"));
        }

        foreach (var origin in builder.Configuration.GetSection("Clearway:AllowedOrigins").Get<string[]>() ?? [])
        {
            service.WithEnvironment($"Clearway__AllowedOrigins__{count++}", origin);
        }

        return service;
    }
}
