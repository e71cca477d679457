using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Adds values from outside to the model.</summary>
public static class ParameterResourceBuilderExtensions
{
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, _ => ValueOf(builder, name, null), secret));

    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        publishValueAsDefault && secret
            ? throw new ArgumentException("A secret cannot be published as a default value.", nameof(secret))
            : builder.AddResource(new ParameterResource(name, _ => value, secret));

    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false)
    {
        var kept = persist ? new PersistedParameterDefault(name, value, ((DistributedApplicationBuilder)builder).UserSecrets) : value;
        return builder.AddResource(new ParameterResource(name, given => ValueOf(builder, name, given), secret) { Default = kept });
    }

    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null)
    {
        if (environmentVariableName is not null)
        {
            throw new NotSupportedException("Connection strings are passed as ConnectionStrings__NAME only.");
        }

        return builder.AddResource(new ConnectionStringParameterResource(name, _ => builder.Configuration.GetConnectionString(name)
            ?? throw new DistributedApplicationException($"the connection string '{name}' is missing: set ConnectionStrings:{name}")));
    }

    /// <summary>A generated password that later starts find again.</summary>
    internal static ParameterResource GeneratedPassword(IDistributedApplicationBuilder builder, string name, bool special = true)
    {
        var generated = new PersistedParameterDefault(name, new GenerateParameterDefault { Special = special }, ((DistributedApplicationBuilder)builder).UserSecrets);
        return new ParameterResource(name, given => ValueOf(builder, name, given), secret: true) { Default = generated };
    }

    private static string ValueOf(IDistributedApplicationBuilder builder, string name, ParameterDefault? given) =>
        builder.Configuration[$"Parameters:{name}"] ?? given?.GetDefaultValue()
            ?? throw new DistributedApplicationException($"the parameter '{name}' has no value: set Parameters:{name}");

    private sealed class PersistedParameterDefault(string name, ParameterDefault value, UserSecretsStore secrets) : ParameterDefault
    {
        public override string GetDefaultValue() => secrets.GetOrAdd($"Parameters:{name}", value.GetDefaultValue());
    }
}

/// <summary>Adds servers that exist already to the model.</summary>
public static class ConnectionStringBuilderExtensions
{
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression) =>
        builder.AddResource(new ConnectionStringResource(name, connectionStringExpression));
}
