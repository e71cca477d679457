using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local.Servers;

namespace Aspire.Hosting
{
    /// <summary>Adds Redis to the model.</summary>
    public static class RedisBuilderExtensions
    {
        public static IResourceBuilder<RedisResource> AddRedis(this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null)
        {
            var secret = password?.Resource ?? ParameterResourceBuilderExtensions.GeneratedPassword(builder, $"{name}-password", special: false);
            var redis = new RedisResource(name, secret);
            return builder.AddResource(redis)
                .WithEndpoint(port: port, targetPort: 6379, name: "tcp", scheme: "redis")
                .WithAnnotation(new ContainerImageAnnotation { Image = "library/redis" })
                .WithAnnotation(new HealthProbeAnnotation((_, cancellationToken) => RedisServer.PingAsync(redis, cancellationToken)));
        }

        public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) =>
            builder.WithVolume(name, "/data", isReadOnly);

        public static IResourceBuilder<RedisResource> WithDataBindMount(this IResourceBuilder<RedisResource> builder, string source, bool isReadOnly = false) =>
            builder.WithBindMount(source, "/data", isReadOnly);
    }
}

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>A Redis server.</summary>
    public class RedisResource(string name, ParameterResource password) : ContainerResource(name), IResourceWithConnectionString
    {
        public EndpointReference PrimaryEndpoint => new(this, "tcp");

        public ParameterResource? PasswordParameter { get; } = password;

        public ReferenceExpression ConnectionStringExpression =>
            ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)},password={PasswordParameter!}");
    }
}
