using Microsoft.Extensions.Configuration;

namespace Clearway.AppHost;

/// <summary>Which web pages may call a deployment. On this machine a page is compared with the host that it was asked from.</summary>
internal static class WebOrigins
{
    /// <summary>
    /// Allows the pages that <paramref name="proxy"/> serves and, for an installation with a domain of its own, the origins under
    /// <c>Clearway:AllowedOrigins</c>.
    /// </summary>
    /// <param name="service">A service that browsers reach.</param>
    /// <param name="proxy">The service that serves the pages.</param>
    public static IResourceBuilder<ProjectResource> WithWebOrigins(this IResourceBuilder<ProjectResource> service, IResourceBuilder<ProjectResource> proxy)
    {
        var builder = service.ApplicationBuilder;
        if (!builder.ExecutionContext.IsPublishMode)
        {
            return service;
        }

        // App platforms end TLS before the proxy: its own endpoint is http, the one that browsers see is https.
        service.WithEnvironment("Clearway__AllowedOrigins__0", proxy.GetEndpoint("https"));
        foreach (var (i, origin) in (builder.Configuration.GetSection("Clearway:AllowedOrigins").Get<string[]>() ?? []).Index())
        {
            service.WithEnvironment($"Clearway__AllowedOrigins__{i + 1}", origin);
        }

        return service;
    }
}
