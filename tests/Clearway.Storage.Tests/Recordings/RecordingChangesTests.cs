using Clearway.Storage.Recordings;
using Clearway.Storage.V1;

namespace Clearway.Storage.Tests.Recordings;

[Collection(BlobTests.Name)]
public sealed class RecordingChangesTests(BlobFixture blobs)
{
    private readonly Bench _bench = new(blobs);

    [Fact]
    public async Task Change_OfWhatIsInTheArchive_FetchesItFirst()
    {
        var changes = new RecordingChanges(_bench.Store, _bench.Locator, _bench.Manifests);
        var id = await _bench.CreatedAsync();
        await _bench.UploadAsync(id, Sample.Bytes);
        await _bench.SealAsync(id);
        var rename = new RenameRequest { Id = id.Value, Access = Example.Access, Title = "Yearly" };
        var revocation = new RevokeLinksRequest { Id = id.Value, Access = Example.Access };

        await _bench.Store.SetArchivedAsync(id, isArchived: true, default);
        Assert.Equal(Refusal.RecordingArchived, (await changes.RenameAsync(rename, default)).Refusal);
        Assert.Equal("Yearly", (await changes.RenameAsync(rename, default)).Value?.Title);

        await _bench.Store.SetArchivedAsync(id, isArchived: true, default);
        Assert.Equal(Refusal.RecordingArchived, (await changes.RevokeLinksAsync(revocation, default)).Refusal);
        Assert.Equal(1, (await changes.RevokeLinksAsync(revocation, default)).Value?.LinkRevision);
    }
}
