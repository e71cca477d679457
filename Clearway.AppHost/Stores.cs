using Microsoft.Extensions.Configuration;

namespace Clearway.AppHost;

/// <summary>
/// The three stores. One whose connection string is configured (<c>ConnectionStrings:redis</c>, <c>clearwaydb</c>, <c>blobs</c>) is an
/// existing server and nothing is started for it.
/// </summary>
internal static class Stores
{
    public static IResourceBuilder<IResourceWithConnectionString> AddRedisStore(this IDistributedApplicationBuilder builder, string name)
    {
        if (builder.HasExistingServer(name))
        {
            return builder.AddConnectionString(name);
        }

        var redis = builder.AddRedis(name, password: builder.AddSecret($"{name}-password", length: 32));
        builder.KeepData(name, inVolume: () => redis.WithDataVolume(), inFolder: folder => redis.WithDataBindMount(folder));
        return redis;
    }

    public static IResourceBuilder<IResourceWithConnectionString> AddDatabaseStore(this IDistributedApplicationBuilder builder, string name, string server)
    {
        if (builder.HasExistingServer(name))
        {
            return builder.AddConnectionString(name);
        }

        var password = builder.AddSecret($"{server}-password", length: 32);
        if (builder.ExecutionContext.IsPublishMode)
        {
            // PostgreSQL must own its files, which the file shares of container platforms do not offer.
            return builder.AddAzurePostgresFlexibleServer(server).WithPasswordAuthentication(password: password).AddDatabase(name);
        }

        var postgres = builder.AddPostgres(server, password: password);
        builder.KeepData(server, inVolume: () => postgres.WithDataVolume(), inFolder: folder => postgres.WithDataBindMount(folder));
        return postgres.AddDatabase(name);
    }

    public static (IResourceBuilder<IResourceWithConnectionString> Blobs, IResourceBuilder<IResourceWithConnectionString> First, IResourceBuilder<IResourceWithConnectionString> Second) AddBlobStore(
        this IDistributedApplicationBuilder builder, string account, string service, string first, string second)
    {
        if (builder.HasExistingServer(service))
        {
            var existing = builder.AddConnectionString(service);
            return (existing, ContainerOf(first), ContainerOf(second));

            IResourceBuilder<IResourceWithConnectionString> ContainerOf(string container) =>
                builder.AddConnectionString(container, ReferenceExpression.Create($"{existing};ContainerName={container}"));
        }

        var storage = builder.AddAzureStorage(account).RunAsEmulator(azurite =>
            builder.KeepData(account, inVolume: () => azurite.WithDataVolume(), inFolder: folder => azurite.WithDataBindMount(folder)));
        return (storage.AddBlobs(service), storage.AddBlobContainer(first), storage.AddBlobContainer(second));
    }

    // Deployments bring their own servers; an existing one is a matter of this machine.
    private static bool HasExistingServer(this IDistributedApplicationBuilder builder, string name) =>
        builder.ExecutionContext.IsRunMode && builder.Configuration.GetConnectionString(name) is not null;

    private static void KeepData(this IDistributedApplicationBuilder builder, string server, Action inVolume, Action<string> inFolder)
    {
        if (builder.IsEphemeral())
        {
            return;
        }

        if (builder.StateDirectory() is { } state)
        {
            inFolder(Path.Combine(state, server));
        }
        else
        {
            inVolume();
        }
    }
}
