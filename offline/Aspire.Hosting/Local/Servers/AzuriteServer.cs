using System.Globalization;
using Aspire.Hosting.Azure;
using Azure;
using Azure.Storage.Blobs;

namespace Aspire.Hosting.Local.Servers;

/// <summary>The storage emulator as an npm package.</summary>
internal sealed class AzuriteServer : ILocalServer
{
    public Task<ProcessSpec> PrepareAsync(ResourceStart start, CancellationToken cancellationToken)
    {
        var node = Programs.Require(start.Resource.Name, "node", "nodejs");
        var script = Path.Combine(start.Options.ToolsDirectory, "node_modules/azurite/dist/src/blob/main.js");
        if (!File.Exists(script))
        {
            throw new DistributedApplicationException($"{start.Resource.Name}: the storage emulator is not installed. Install it: npm ci --prefix {start.Options.ToolsDirectory}");
        }

        var data = start.DataDirectory();
        var port = start.Port("blob").ToString(CultureInfo.InvariantCulture);
        return Task.FromResult(new ProcessSpec(
            node, ["--require", Path.Combine(start.Options.ToolsDirectory, "durable-azurite.cjs"), script, "--blobHost", "127.0.0.1", "--blobPort", port, "--location", data, "--disableProductStyleUrl", "--skipApiVersionCheck", "--disableTelemetry", "--silent"])
        {
            WorkingDirectory = data,
        });
    }

    /// <summary>Asks for the properties of the service; null when it answers, else what is wrong.</summary>
    public static async Task<string?> ProbeAsync(AzureStorageResource storage, CancellationToken cancellationToken)
    {
        try
        {
            await Client(await ConnectionStringAsync(storage, cancellationToken).ConfigureAwait(false)).GetPropertiesAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (RequestFailedException exception)
        {
            return exception.Message.ReplaceLineEndings(" ");
        }
    }

    /// <summary>Creates <paramref name="container"/> unless it exists.</summary>
    public static async Task CreateContainerAsync(AzureBlobStorageContainerResource container, CancellationToken cancellationToken)
    {
        var connectionString = await ConnectionStringAsync(container.Parent.Parent, cancellationToken).ConfigureAwait(false);
        await Client(connectionString).GetBlobContainerClient(container.BlobContainerName).CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private static async Task<string> ConnectionStringAsync(AzureStorageResource storage, CancellationToken cancellationToken) =>
        (await new AzureBlobStorageResource("probe", storage).ConnectionStringExpression.GetValueAsync(cancellationToken).ConfigureAwait(false))!;

    private static BlobServiceClient Client(string connectionString)
    {
        // The host repeats the question itself.
        var options = new BlobClientOptions();
        options.Retry.MaxRetries = 0;
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(5);
        return new BlobServiceClient(connectionString, options);
    }
}
