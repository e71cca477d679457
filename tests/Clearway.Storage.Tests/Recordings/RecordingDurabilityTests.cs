using System.Security.Cryptography;

namespace Clearway.Storage.Tests.Recordings;

/// <summary>Has an Azurite of its own, because it kills it.</summary>
public sealed class RecordingDurabilityTests : IAsyncLifetime
{
    private const int Rounds = 5;

    private readonly BlobFixture _blobs = new();

    public Task InitializeAsync() => _blobs.InitializeAsync();

    public Task DisposeAsync() => _blobs.DisposeAsync();

    [Fact]
    public async Task Append_Acknowledged_SurvivesTheKillOfTheBlobServer()
    {
        var bytes = new byte[Rounds * 70_000];
        new Random(7).NextBytes(bytes);
        var bench = new Bench(_blobs);
        var id = await bench.CreatedAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var (start, end) = (round * 70_000, (round + 1) * 70_000);
            Assert.Equal(end, (await bench.AppendAsync(id, start, UploadStream.Of(bytes.AsMemory(start, 70_000)))).Value?.SizeBytes);
            await _blobs.Azurite.CrashAsync();
            await _blobs.Azurite.RestartAsync();
            Assert.Equal(end, (await bench.Store.FindAsync(id, default))?.SizeBytes);
        }

        Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(await bench.BytesAsync(id)));
    }
}
