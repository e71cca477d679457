using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Azure;

namespace Aspire.Hosting
{
    /// <summary>Adds Azure Database for PostgreSQL to the model of a deployment; deployments need the package itself.</summary>
    public static class AzurePostgresExtensions
    {
        public static IResourceBuilder<AzurePostgresFlexibleServerResource> AddAzurePostgresFlexibleServer(this IDistributedApplicationBuilder builder, string name) =>
            builder.AddResource(new AzurePostgresFlexibleServerResource(name));

        public static IResourceBuilder<AzurePostgresFlexibleServerResource> WithPasswordAuthentication(
            this IResourceBuilder<AzurePostgresFlexibleServerResource> builder,
            IResourceBuilder<ParameterResource>? userName = null,
            IResourceBuilder<ParameterResource>? password = null) => builder;

        public static IResourceBuilder<AzurePostgresFlexibleServerDatabaseResource> AddDatabase(
            this IResourceBuilder<AzurePostgresFlexibleServerResource> builder, string name, string? databaseName = null) =>
            builder.ApplicationBuilder.AddResource(new AzurePostgresFlexibleServerDatabaseResource(name));
    }
}

namespace Aspire.Hosting.Azure
{
    /// <summary>A PostgreSQL server of the cloud.</summary>
    public class AzurePostgresFlexibleServerResource(string name) : Resource(name);

    /// <summary>A database of such a server.</summary>
    public class AzurePostgresFlexibleServerDatabaseResource(string name) : Resource(name), IResourceWithConnectionString
    {
        public ReferenceExpression ConnectionStringExpression => throw new DistributedApplicationException("Servers of the cloud do not run on this machine.");
    }
}
