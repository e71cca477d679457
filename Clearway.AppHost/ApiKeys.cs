using Microsoft.Extensions.Configuration;

namespace Clearway.AppHost;

/// <summary>Keys of backends, from <c>Clearway:ApiKeys</c>: of each an <c>Id</c>, a <c>Tenant</c> and <c>Grants</c>.</summary>
internal static class ApiKeys
{
    /// <summary>Gives each key to <paramref name="auth"/>; its secret is the parameter <c>api-key-ID</c>, generated where nobody gives one.</summary>
    public static IResourceBuilder<ProjectResource> WithApiKeys(this IResourceBuilder<ProjectResource> auth)
    {
        var builder = auth.ApplicationBuilder;
        foreach (var (i, key) in builder.Configuration.GetSection("Clearway:ApiKeys").GetChildren().Index())
        {
            auth.WithEnvironment($"Auth__ApiKeys__{i}__Id", key["Id"])
                .WithEnvironment($"Auth__ApiKeys__{i}__Tenant", key["Tenant"])
                .WithEnvironment($"Auth__ApiKeys__{i}__Secret", builder.AddSecret($"api-key-{key["Id"]}", length: 48));
            foreach (var (j, grant) in (key.GetSection("Grants").Get<string[]>() ?? []).Index())
            {
                auth.WithEnvironment($"Auth__ApiKeys__{i}__Grants__{j}", grant);
            }
        }

        return auth;
    }
}
