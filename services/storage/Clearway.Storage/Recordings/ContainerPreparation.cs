using Azure;
using Azure.Storage.Blobs;

namespace Clearway.Storage.Recordings;

/// <summary>
/// Creates the container where nobody else has, for example on a storage account configured by connection string. Keeps trying: until
/// then the service is up but not ready, as its health check says.
/// </summary>
internal sealed class ContainerPreparation(BlobContainerClient container, TimeProvider time, ILogger<ContainerPreparation> log)
    : BackgroundService
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryCreateAsync(stoppingToken))
        {
            await Task.Delay(Delay, time, stoppingToken);
        }
    }

    private async Task<bool> TryCreateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            LogCatalogue.ContainerReady(log, container.Name);
            return true;
        }
        catch (Exception failure) when (failure is RequestFailedException or AggregateException)
        {
            LogCatalogue.ContainerDelayed(log, failure, container.Name, Delay);
            return false;
        }
    }
}
