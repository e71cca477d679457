using Aspire.Azure.Storage.Blobs;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers clients of Azure Blob Storage.</summary>
public static class AspireBlobStorageExtensions
{
    private const string SectionName = "Aspire:Azure:Storage:Blobs";

    /// <summary>Registers <see cref="BlobServiceClient"/> as a singleton with a health check.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="connectionName">Name under <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Runs after the settings are read.</param>
    /// <exception cref="InvalidOperationException">On first use: neither a connection string nor an address is configured.</exception>
    public static void AddAzureBlobServiceClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<AzureStorageBlobsSettings>? configureSettings = null)
    {
        var settings = Read(builder, connectionName, configureSettings);
        var options = ReadClientOptions(builder, connectionName);
        builder.Services.AddSingleton(_ => CreateService(settings, options, connectionName));
        if (!settings.DisableHealthChecks)
        {
            builder.Services.AddHealthChecks().AddCheck<BlobServiceHealthCheck>($"Azure_{nameof(BlobServiceClient)}");
        }
    }

    /// <summary>Registers <see cref="BlobContainerClient"/> as a singleton with a health check. The container is not created.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="connectionName">Name under <c>ConnectionStrings</c>; the string names the container.</param>
    /// <param name="configureSettings">Runs after the settings are read.</param>
    /// <exception cref="InvalidOperationException">On first use: connection string, address or container name is missing.</exception>
    public static void AddAzureBlobContainerClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<AzureBlobStorageContainerSettings>? configureSettings = null)
    {
        var settings = Read(builder, connectionName, configureSettings);
        var options = ReadClientOptions(builder, connectionName);
        builder.Services.AddSingleton(_ => string.IsNullOrEmpty(settings.BlobContainerName)
            ? throw new InvalidOperationException(
                $"The connection string '{connectionName}' does not exist or is missing the container name.")
            : CreateService(settings, options, connectionName).GetBlobContainerClient(settings.BlobContainerName));
        if (!settings.DisableHealthChecks)
        {
            builder.Services.AddHealthChecks().AddCheck<BlobContainerHealthCheck>($"Azure_{nameof(BlobContainerClient)}");
        }
    }

    private static TSettings Read<TSettings>(IHostApplicationBuilder builder, string connectionName, Action<TSettings>? configure)
        where TSettings : AzureStorageBlobsSettings, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var section = builder.Configuration.GetSection(SectionName);
        var settings = new TSettings();
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);
        if (builder.Configuration.GetConnectionString(connectionName) is { Length: > 0 } text)
        {
            settings.ReadConnectionString(text);
        }

        configure?.Invoke(settings);
        return settings;
    }

    private static BlobClientOptions ReadClientOptions(IHostApplicationBuilder builder, string connectionName)
    {
        var section = builder.Configuration.GetSection(SectionName);
        var options = new BlobClientOptions();
        section.GetSection("ClientOptions").Bind(options);
        section.GetSection($"{connectionName}:ClientOptions").Bind(options);
        return options;
    }

    private static BlobServiceClient CreateService(AzureStorageBlobsSettings settings, BlobClientOptions options, string connectionName) =>
        settings switch
        {
            { ConnectionString: { Length: > 0 } text } => new BlobServiceClient(text, options),
            { ServiceUri: { } uri, Credential: { } credential } => new BlobServiceClient(uri, credential, options),
            { ServiceUri: { } uri } => new BlobServiceClient(uri, options),
            _ => throw new InvalidOperationException(
                $"A BlobServiceClient could not be configured. Ensure valid connection information was provided in "
                + $"'ConnectionStrings:{connectionName}' or specify a 'ConnectionString' or 'ServiceUri' "
                + $"in the '{SectionName}' configuration section."),
        };
}
