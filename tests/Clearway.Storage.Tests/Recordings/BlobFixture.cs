using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Clearway.TestServers;

namespace Clearway.Storage.Tests.Recordings;

/// <summary>One Azurite for the tests of this collection; each test has recordings of its own.</summary>
public sealed class BlobFixture : IAsyncLifetime
{
    private AzuriteServer? _azurite;

    /// <summary>Connection string with the container, as the host's configuration has it.</summary>
    public string ConnectionString => $"{Azurite.ConnectionString}ContainerName=recordings";

    internal AzuriteServer Azurite => _azurite ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        _azurite = await AzuriteServer.StartAsync();
        await Container().CreateIfNotExistsAsync();
    }

    public async Task DisposeAsync()
    {
        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }
    }

    /// <summary>A client of the container.</summary>
    /// <param name="policy">Sees each request before it is sent.</param>
    internal BlobContainerClient Container(HttpPipelinePolicy? policy = null)
    {
        var options = new BlobClientOptions();
        options.Retry.MaxRetries = 0;
        if (policy is not null)
        {
            options.AddPolicy(policy, HttpPipelinePosition.PerCall);
        }

        return new BlobServiceClient(Azurite.ConnectionString, options).GetBlobContainerClient("recordings");
    }
}

/// <summary>Tests that share the fixture.</summary>
[CollectionDefinition(Name)]
public sealed class BlobTests : ICollectionFixture<BlobFixture>
{
    public const string Name = "blobs";
}
