using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local.Servers;

/// <summary>Which local program does the work of which resource.</summary>
internal static class KnownServers
{
    /// <summary>The server for <paramref name="resource"/>, or null when it has no process of its own.</summary>
    /// <exception cref="DistributedApplicationException">It is a container whose image has no local counterpart.</exception>
    public static ILocalServer? For(IResource resource) => resource switch
    {
        ProjectResource => new ProjectServer(),
        DashboardResource => new DashboardServer(),
        ExecutableResource => new ExecutableServer(),
        _ => resource.Annotations.OfType<ContainerImageAnnotation>().LastOrDefault()?.Image switch
        {
            null => null,
            "library/redis" => new RedisServer(),
            "library/postgres" => new PostgresServer(),
            "azure-storage/azurite" => new AzuriteServer(),
            "coturn/coturn" => new CoturnServer(),
            var image => throw new DistributedApplicationException($"{resource.Name}: the image {image} needs a container engine and the packages of Aspire themselves."),
        },
    };
}
