using Clearway.Storage.Recordings;
using Clearway.Storage.V1;

namespace Clearway.Storage.Tests.Recordings;

/// <summary>Two tenants who have nothing to do with one another.</summary>
[Collection(BlobTests.Name)]
public sealed class RecordingTenantsTests(BlobFixture blobs)
{
    private readonly TenantId _owner = new("t-" + Example.Id().Value);
    private readonly TenantId _stranger = new("t-" + Example.Id().Value);

    [Fact]
    public async Task Create_OfAnotherTenantsId_LeavesNoEntryOfIt()
    {
        var bench = new Bench(blobs);
        var id = await CreatedAsync(bench);
        var creation = Example.Creation(id);
        creation.Tenant = _stranger.Value;

        Assert.Equal(Refusal.RecordingTaken, (await bench.Creation.CreateAsync(creation, default)).Refusal);

        Assert.Empty(await EntriesAsync(bench, _stranger));
        Assert.Equal([id], await EntriesAsync(bench, _owner));
    }

    [Fact]
    public async Task Entry_OfAnotherTenantsRecording_ShowsNothingAndCountsNothing()
    {
        var bench = new Bench(blobs, limits: Limits(new RecordingPolicy { QuotaBytes = 1000 }));
        var id = await CreatedAsync(bench);
        await bench.Index.AddAsync(_stranger, id, default);

        Assert.Empty(await ListedAsync(bench, _stranger));
        Assert.Equal([id], await ListedAsync(bench, _owner));

        var creation = Example.Creation(Example.Id());
        (creation.Tenant, creation.Length) = (_stranger.Value, 1000);
        Assert.Null((await bench.Creation.CreateAsync(creation, default)).Refusal);
    }

    [Fact]
    public async Task Sweep_OfAnEntryOfAnotherTenantsRecording_RemovesTheEntryAndNothingElse()
    {
        var bench = new Bench(blobs, limits: Limits(new RecordingPolicy
        {
            Retention = TimeSpan.FromMinutes(1), ArchiveAfter = TimeSpan.FromMinutes(1), UnfinishedLifetime = TimeSpan.FromMinutes(1),
        }));
        var id = await CreatedAsync(bench);
        await bench.Index.AddAsync(_stranger, id, default);

        // Blobs bear the time of their server.
        bench.Time.Advance(DateTimeOffset.UtcNow + TimeSpan.FromHours(1) - bench.Time.GetUtcNow());
        await bench.Janitor.SweepAsync(default);

        Assert.Equal(RecordingState.Recording, (await bench.Store.FindAsync(id, default))?.State);
        Assert.Empty(await EntriesAsync(bench, _stranger));
        Assert.Equal([id], await EntriesAsync(bench, _owner));
    }

    private RecordingLimits Limits(RecordingPolicy ofTheStranger) => new() { Tenants = { [_stranger.Value] = ofTheStranger } };

    private async Task<RecordingId> CreatedAsync(Bench bench)
    {
        var creation = Example.Creation(Example.Id());
        creation.Tenant = _owner.Value;
        var created = (await bench.Creation.CreateAsync(creation, default)).Value!;
        using var stream = UploadStream.Of(Sample.Bytes);
        var header = new UploadHeader { Id = created.Id.Value, Access = new Access { Tenant = _owner.Value } };
        Assert.Null((await bench.Uploads.AppendAsync(header, stream, default)).Refusal);
        return created.Id;
    }

    private static async Task<List<RecordingId>> EntriesAsync(Bench bench, TenantId tenant)
    {
        var entries = new List<RecordingId>();
        await foreach (var (ids, _) in bench.Index.PagesAsync(tenant, null, 100, default))
        {
            entries.AddRange(ids);
        }

        return entries;
    }

    private static async Task<IEnumerable<RecordingId>> ListedAsync(Bench bench, TenantId tenant)
    {
        var request = new ListRequest { Access = new Access { Tenant = tenant.Value }, Limit = 100 };
        return (await bench.Locator.ListAsync(request, default)).Recordings.Select(recording => recording.Id);
    }
}
