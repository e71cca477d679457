using System.Data.Common;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local.Servers;

namespace Aspire.Hosting
{
    /// <summary>Adds PostgreSQL to the model.</summary>
    public static class PostgresBuilderExtensions
    {
        public static IResourceBuilder<PostgresServerResource> AddPostgres(this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null)
        {
            var secret = password?.Resource ?? ParameterResourceBuilderExtensions.GeneratedPassword(builder, $"{name}-password");
            var postgres = new PostgresServerResource(name, userName?.Resource, secret);
            return builder.AddResource(postgres)
                .WithEndpoint(port: port, targetPort: 5432, name: "tcp")
                .WithAnnotation(new ContainerImageAnnotation { Image = "library/postgres" })
                .WithAnnotation(new HealthProbeAnnotation((_, cancellationToken) => PostgresServer.ProbeAsync(postgres, cancellationToken)));
        }

        public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
        {
            var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
            return builder.ApplicationBuilder.AddResource(database)
                .WithAnnotation(new CreateInParentAnnotation(cancellationToken => PostgresServer.CreateDatabaseAsync(database, cancellationToken)));
        }

        public static IResourceBuilder<PostgresServerResource> WithDataVolume(this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) =>
            builder.WithVolume(name, "/var/lib/postgresql/data", isReadOnly);

        public static IResourceBuilder<PostgresServerResource> WithDataBindMount(this IResourceBuilder<PostgresServerResource> builder, string source, bool isReadOnly = false) =>
            builder.WithBindMount(source, "/var/lib/postgresql/data", isReadOnly);
    }
}

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>A PostgreSQL server.</summary>
    public class PostgresServerResource(string name, ParameterResource? userName, ParameterResource password) : ContainerResource(name), IResourceWithConnectionString
    {
        public EndpointReference PrimaryEndpoint => new(this, "tcp");

        public ParameterResource? UserNameParameter { get; } = userName;

        public ParameterResource PasswordParameter { get; } = password;

        public ReferenceExpression UserNameReference =>
            UserNameParameter is null ? ReferenceExpression.Create($"postgres") : ReferenceExpression.Create($"{UserNameParameter}");

        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
            $"Host={PrimaryEndpoint.Property(EndpointProperty.Host)};Port={PrimaryEndpoint.Property(EndpointProperty.Port)};Username={UserNameReference};Password={PasswordParameter}");
    }

    /// <summary>A database of a PostgreSQL server.</summary>
    public class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource postgresParentResource)
        : Resource(name), IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString
    {
        public PostgresServerResource Parent { get; } = postgresParentResource;

        public string DatabaseName { get; } = databaseName;

        // The builder quotes names that would end the value.
        public ReferenceExpression ConnectionStringExpression =>
            ReferenceExpression.Create($"{Parent};{new DbConnectionStringBuilder { ["Database"] = DatabaseName }.ConnectionString}");
    }
}
