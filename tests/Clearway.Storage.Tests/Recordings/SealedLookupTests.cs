using Azure.Core;
using Azure.Core.Pipeline;
using Clearway.Storage.Recordings;

namespace Clearway.Storage.Tests.Recordings;

[Collection(BlobTests.Name)]
public sealed class SealedLookupTests(BlobFixture blobs)
{
    [Fact]
    public async Task SealedRecording_AskedForOften_IsLookedUpOnceASecond()
    {
        var count = new Count();
        var bench = new Bench(blobs, count);
        var id = await SealedAsync(bench);
        var lookup = new SealedLookup(bench.Store, bench.Time);
        var before = count.Requests;

        var found = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => lookup.FindAsync(id, default)));
        Assert.All(found, recording => Assert.Equal(id, recording!.Id));
        Assert.Equal(before + 1, count.Requests);
        before = count.Requests;
        await lookup.FindAsync(id, default);
        Assert.Equal(before, count.Requests);

        bench.Time.Advance(SealedLookup.Freshness);
        await lookup.FindAsync(id, default);
        Assert.Equal(before + 1, count.Requests);
    }

    [Fact]
    public async Task Change_MadeHere_IsSeenAtOnce()
    {
        var bench = new Bench(blobs);
        var id = await SealedAsync(bench);
        var lookup = new SealedLookup(bench.Store, bench.Time);
        var recording = (await lookup.FindAsync(id, default))!;
        await bench.Store.UpdateAsync(recording with { LinkRevision = 1 }, default);
        Assert.Equal(1, (await lookup.FindAsync(id, default))!.LinkRevision);
    }

    [Fact]
    public async Task OpenRecording_IsLookedUpEachTime()
    {
        var bench = new Bench(blobs);
        var id = await bench.CreatedAsync();
        var lookup = new SealedLookup(bench.Store, bench.Time);
        Assert.Equal(0, (await lookup.FindAsync(id, default))!.SizeBytes);

        // Another process, so this one is told nothing.
        await new Bench(blobs).UploadAsync(id, Sample.Bytes);
        Assert.Equal(Sample.Bytes.Length, (await lookup.FindAsync(id, default))!.SizeBytes);
    }

    private static async Task<RecordingId> SealedAsync(Bench bench)
    {
        var id = await bench.CreatedAsync();
        await bench.UploadAsync(id, Sample.Bytes);
        Assert.Null((await bench.SealAsync(id)).Refusal);
        return id;
    }

    private sealed class Count : HttpPipelineSynchronousPolicy
    {
        private int _requests;

        public int Requests => _requests;

        public override void OnSendingRequest(HttpMessage message) => Interlocked.Increment(ref _requests);
    }
}
