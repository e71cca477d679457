using Clearway.Storage.Recordings;

namespace Clearway.Storage.Tests.Recordings;

[Collection(BlobTests.Name)]
public sealed class RecordingRemovalTests(BlobFixture blobs)
{
    [Fact]
    public async Task Removal_ThatAnotherWriteOvertakes_LeavesAllOfTheRecording()
    {
        var bench = new Bench(blobs);
        var id = await bench.CreatedAsync();
        await bench.Consents.AddAsync(id, "p-ada", isGranted: true, default);
        await bench.UploadAsync(id, Sample.Bytes);
        await bench.SealAsync(id);
        var known = (await bench.Store.FindAsync(id, default))!;
        await bench.Store.UpdateAsync(known with { LinkRevision = 1 }, default);

        Assert.Equal(Refusal.UploadBusy, (await bench.Removal.RemoveAsync(known, default)).Refusal);
        Assert.NotNull(await bench.Manifests.ReadAsync(id, default));
        Assert.Single(await bench.Consents.ReadAsync(id, default));

        Assert.Null((await bench.Removal.RemoveAsync((await bench.Store.FindAsync(id, default))!, default)).Refusal);
        Assert.Null(await bench.Manifests.ReadAsync(id, default));
        Assert.Empty(await bench.Consents.ReadAsync(id, default));
    }
}
