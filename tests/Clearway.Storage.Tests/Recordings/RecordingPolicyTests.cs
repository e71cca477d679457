using Clearway.Storage.Recordings;
using Clearway.Storage.V1;

namespace Clearway.Storage.Tests.Recordings;

[Collection(BlobTests.Name)]
public sealed class RecordingPolicyTests(BlobFixture blobs)
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1790000000000);

    [Theory]
    [InlineData(RecordingState.Recording, 5, 6, "Nothing")]
    [InlineData(RecordingState.Recording, 5, 7, "Sealing")]
    [InlineData(RecordingState.Recording, 0, 7, "Deletion")]
    [InlineData(RecordingState.Sealed, 5, 29, "Nothing")]
    [InlineData(RecordingState.Sealed, 5, 30, "Archiving")]
    [InlineData(RecordingState.Sealed, 5, 89, "Archiving")]
    [InlineData(RecordingState.Sealed, 5, 90, "Deletion")]
    [InlineData(RecordingState.Failed, 5, 89, "Nothing")]
    [InlineData(RecordingState.Failed, 5, 90, "Deletion")]
    [InlineData(RecordingState.Deleted, 0, 29, "Nothing")]
    [InlineData(RecordingState.Deleted, 0, 30, "Forgetting")]
    public void DueFor_OfAState_ComesWithItsAge(RecordingState state, long size, int days, string due)
    {
        var policy = new RecordingPolicy { Retention = TimeSpan.FromDays(90), ArchiveAfter = TimeSpan.FromDays(30) };
        var then = Now - TimeSpan.FromDays(days);
        var recording = Example.Recording(Example.Id()) with
        {
            State = state, SizeBytes = size, ChangedAt = then, SealedAt = state == RecordingState.Sealed ? then : null,
        };

        Assert.Equal(Enum.Parse<Due>(due), policy.DueFor(recording, Now));
        Assert.NotEqual(Due.Archiving, policy.DueFor(recording with { IsArchived = true }, Now));
    }

    [Fact]
    public async Task Sweep_OfWhatWasFetchedFromTheArchive_LeavesItOutForAWeek()
    {
        var tenant = "t-" + Example.Id().Value;
        var policy = new RecordingPolicy { ArchiveAfter = TimeSpan.FromMinutes(1) };
        var bench = new Bench(blobs, limits: new RecordingLimits { Tenants = { [tenant] = policy } });
        var id = await CreateAsync(bench, tenant);
        var access = new Access { Tenant = tenant };
        using var stream = UploadStream.Of(Sample.Bytes);
        await bench.Uploads.AppendAsync(new UploadHeader { Id = id.Value, Access = access }, stream, default);
        Assert.Null((await bench.Seals.SealAsync((await bench.Store.FindAsync(id, default))!, default)).Refusal);
        await bench.Store.SetArchivedAsync(id, isArchived: true, default);
        await bench.Store.SetArchivedAsync(id, isArchived: false, default);

        // Blobs bear the time of their server.
        bench.Time.Advance(DateTimeOffset.UtcNow + TimeSpan.FromDays(6.9) - bench.Time.GetUtcNow());
        await bench.Janitor.SweepAsync(default);
        Assert.False((await bench.Store.FindAsync(id, default))!.IsArchived);

        bench.Time.Advance(TimeSpan.FromDays(0.2));
        await bench.Janitor.SweepAsync(default);
        Assert.True((await bench.Store.FindAsync(id, default))!.IsArchived);
    }

    [Fact]
    public void DueFor_WithoutRetention_NeverDeletesWhatIsSealed()
    {
        var recording = Example.Recording(Example.Id()) with
        {
            State = RecordingState.Sealed, SizeBytes = 5, SealedAt = DateTimeOffset.UnixEpoch,
        };

        Assert.Equal(Due.Nothing, new RecordingPolicy().DueFor(recording, Now));
    }

    [Fact]
    public async Task Sweep_ClosesAbandonedUploadsThenDeletesThenForgets()
    {
        var tenant = "t-" + Example.Id().Value;
        var policy = new RecordingPolicy { Retention = TimeSpan.FromDays(10) };
        var bench = new Bench(blobs, limits: new RecordingLimits { Tenants = { [tenant] = policy } });

        // Blobs bear the time of their server.
        bench.Time.Advance(DateTimeOffset.UtcNow - bench.Time.GetUtcNow());
        var (id, access) = (Example.Id(), new Access { Tenant = tenant });
        var creation = Example.Creation(id);
        creation.Tenant = tenant;
        Assert.Null((await bench.Creation.CreateAsync(creation, default)).Refusal);
        using var stream = UploadStream.Of(Sample.Bytes);
        await bench.Uploads.AppendAsync(new UploadHeader { Id = id.Value, Access = access }, stream, default);

        await bench.Janitor.SweepAsync(default);
        Assert.Equal(RecordingState.Recording, (await bench.Store.FindAsync(id, default))?.State);

        bench.Time.Advance(TimeSpan.FromDays(7.1));
        await bench.Janitor.SweepAsync(default);
        Assert.Equal(RecordingState.Sealed, (await bench.Store.FindAsync(id, default))?.State);
        await bench.SealedBytesAsync(id);

        bench.Time.Advance(TimeSpan.FromDays(10.1));
        await bench.Janitor.SweepAsync(default);
        Assert.Equal((RecordingState.Deleted, 0L), await StateAsync(bench, id));
        Assert.Equal(Refusal.NotFound, (await bench.Locator.FindAsync(id.Value, access, default)).Refusal);
        Assert.False(await bench.Container.GetBlobClient(id.ManifestBlob).ExistsAsync());

        // As by a consent and a renaming that race the deletion.
        await bench.Consents.AddAsync(id, "p-ada", isGranted: true, default);
        await bench.Container.GetBlobClient(id.ManifestBlob).UploadAsync(BinaryData.FromString("{}"));
        bench.Time.Advance(TimeSpan.FromDays(30.1));
        await bench.Janitor.SweepAsync(default);
        Assert.Null(await bench.Store.FindAsync(id, default));
        Assert.Empty(await bench.Container.GetBlobsAsync(prefix: id.Value).Select(blob => blob.Name).ToListAsync());
    }

    [Fact]
    public async Task Create_AndAppend_HeedTheTenantsQuota()
    {
        var tenant = "t-" + Example.Id().Value;
        var limits = new RecordingLimits { Tenants = { [tenant] = new RecordingPolicy { QuotaBytes = 1000 } } };
        var bench = new Bench(blobs, limits: limits);
        var first = await CreateAsync(bench, tenant);
        var access = new Access { Tenant = tenant };

        Assert.Null((await AppendAsync(bench, first, access, 0, 990)).Refusal);
        Assert.Equal(Refusal.QuotaExceeded, (await AppendAsync(bench, first, access, 990, 11)).Refusal);
        Assert.Null((await AppendAsync(bench, first, access, 990, 10)).Refusal);
        var creation = Example.Creation(Example.Id());
        creation.Tenant = tenant;
        Assert.Equal(Refusal.QuotaExceeded, (await bench.Creation.CreateAsync(creation, default)).Refusal);

        // Another process counts the same from the blobs.
        Assert.Equal(Refusal.QuotaExceeded, (await new Bench(blobs, limits: limits).Creation.CreateAsync(creation, default)).Refusal);

        var recording = (await bench.Locator.FindAsync(first.Value, access, default)).Value!;
        Assert.Null((await bench.Removal.RemoveAsync(recording, default)).Refusal);
        Assert.Null((await bench.Creation.CreateAsync(creation, default)).Refusal);
    }

    [Fact]
    public async Task Append_OfManyAtOnce_TakesNoMoreThanIsLeftOfTheQuota()
    {
        var tenant = "t-" + Example.Id().Value;
        var bench = new Bench(blobs, limits: new RecordingLimits { Tenants = { [tenant] = new RecordingPolicy { QuotaBytes = 1000 } } });
        var access = new Access { Tenant = tenant };
        RecordingId[] ids = [await CreateAsync(bench, tenant), await CreateAsync(bench, tenant), await CreateAsync(bench, tenant)];
        var gate = new TaskCompletionSource();
        var uploads = ids.Select(id => AppendAsync(bench, id, access, 0, 400, gate.Task)).ToArray();

        gate.SetResult();
        var outcomes = await Task.WhenAll(uploads);

        Assert.Equal(2, outcomes.Count(outcome => outcome.Value?.SizeBytes == 400));
        Assert.Equal(Refusal.QuotaExceeded, Assert.Single(outcomes, outcome => outcome.Refusal is not null).Refusal);

        // What was refused is given back.
        var refused = ids[Array.FindIndex(outcomes, outcome => outcome.Refusal is not null)];
        Assert.Equal(200, (await AppendAsync(bench, refused, access, 0, 200)).Value?.SizeBytes);
        Assert.Equal(Refusal.QuotaExceeded, (await AppendAsync(bench, refused, access, 200, 1)).Refusal);
    }

    [Fact]
    public async Task List_FindsLiveSealedAndArchivedAlike_NewestFirst()
    {
        var tenant = "t-" + Example.Id().Value;
        var bench = new Bench(blobs);
        RecordingId[] ids = [.. Enumerable.Range(0, 5).Select(_ => Example.Id()).OrderByDescending(id => id.Value, StringComparer.Ordinal)];
        foreach (var id in ids.Reverse())
        {
            await CreateAsync(bench, tenant, id, title: $"Планёрка {Array.IndexOf(ids, id)}");
        }

        var access = new Access { Tenant = tenant };
        using var stream = UploadStream.Of(Sample.Bytes);
        await bench.Uploads.AppendAsync(new UploadHeader { Id = ids[1].Value, Access = access }, stream, default);
        await bench.Seals.SealAsync((await bench.Store.FindAsync(ids[1], default))!, default);
        await bench.Store.SetArchivedAsync(ids[1], isArchived: true, default);
        await bench.Removal.RemoveAsync((await bench.Store.FindAsync(ids[4], default))!, default);

        var (all, _) = await bench.Locator.ListAsync(new ListRequest { Access = access, Limit = 100 }, default);
        Assert.Equal(ids[..4], all.Select(recording => recording.Id));
        Assert.Equal([false, true, false, false], all.Select(recording => recording.IsArchived));

        var (page, cursor) = await bench.Locator.ListAsync(new ListRequest { Access = access, Limit = 2 }, default);
        Assert.Equal(ids[..2], page.Select(recording => recording.Id));
        var (rest, _) = await bench.Locator.ListAsync(new ListRequest { Access = access, Limit = 2, Cursor = cursor }, default);
        Assert.Equal(ids[2..4], rest.Select(recording => recording.Id));

        var (found, _) = await bench.Locator.ListAsync(new ListRequest { Access = access, Limit = 100, Search = "ПЛАНЁРКА 3" }, default);
        Assert.Equal([ids[3]], found.Select(recording => recording.Id));
        var closed = new ListRequest { Access = access, Limit = 100, State = RecordingState.Sealed };
        Assert.Equal([ids[1]], (await bench.Locator.ListAsync(closed, default)).Recordings.Select(recording => recording.Id));
        var elsewhere = new ListRequest { Access = new Access { Tenant = tenant, Room = "other" }, Limit = 100 };
        Assert.Empty((await bench.Locator.ListAsync(elsewhere, default)).Recordings);
    }

    private static async Task<(RecordingState? State, long? Size)> StateAsync(Bench bench, RecordingId id)
    {
        var recording = await bench.Store.FindAsync(id, default);
        return (recording?.State, recording?.SizeBytes);
    }

    private static async Task<RecordingId> CreateAsync(Bench bench, string tenant, RecordingId? chosen = null, string title = "Weekly")
    {
        var id = chosen ?? Example.Id();
        var creation = Example.Creation(id);
        (creation.Tenant, creation.Title) = (tenant, title);
        Assert.Null((await bench.Creation.CreateAsync(creation, default)).Refusal);
        return id;
    }

    private static async Task<Outcome<StoredRecording>> AppendAsync(Bench bench, RecordingId id, Access access, long offset, int count, Task? before = null)
    {
        using var stream = UploadStream.Of(new byte[count], before: before);
        return await bench.Uploads.AppendAsync(new UploadHeader { Id = id.Value, Access = access, Offset = offset }, stream, default);
    }
}
