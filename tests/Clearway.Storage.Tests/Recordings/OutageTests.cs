using Clearway.Storage.V1;
using Grpc.Core;

namespace Clearway.Storage.Tests.Recordings;

/// <summary>Has an Azurite of its own, because it takes it away.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private readonly BlobFixture _blobs = new();

    public Task InitializeAsync() => _blobs.InitializeAsync();

    public Task DisposeAsync() => _blobs.DisposeAsync();

    [Fact]
    public async Task Service_WithoutItsBlobStore_LivesIsNotReadyAndSaysSo()
    {
        await using var host = await StorageHost.StartAsync(_blobs);
        var id = Example.Id();
        await host.Client.CreateAsync(Example.Creation(id));

        await _blobs.Azurite.StopAsync();

        Assert.Equal(200, await host.HealthAsync("/health/live"));
        Assert.Equal(503, await host.HealthAsync("/health/ready"));
        var refused = await Assert.ThrowsAsync<RpcException>(() =>
            host.Client.GetAsync(new GetRequest { Id = id.Value, Access = Example.Access }).ResponseAsync);
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Equal("unavailable", refused.Trailers.GetValue("clearway-code"));

        await _blobs.Azurite.RestartAsync();
        Assert.Equal(RecordingState.Recording, (await host.Client.GetAsync(new GetRequest { Id = id.Value, Access = Example.Access })).State);
    }
}
