using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Clearway.Storage.Recordings;
using Clearway.Storage.Tests.WebM;
using Clearway.Storage.V1;

namespace Clearway.Storage.Tests.Recordings;

[Collection(BlobTests.Name)]
public sealed class RecordingSealsTests(BlobFixture blobs)
{
    private readonly Bench _bench = new(blobs);

    [Theory]
    [InlineData(100)]
    [InlineData(188)]
    [InlineData(9_000)]
    [InlineData(int.MaxValue)]
    public async Task Seal_WhateverTheBlocks_GivesTheSameSeekableFile(int uploadSize)
    {
        var bytes = Sample.Bytes.AsMemory(0, uploadSize == 100 ? 12_000 : Sample.Bytes.Length);
        var id = await _bench.CreatedAsync();
        await _bench.UploadAsync(id, bytes, uploadSize);

        Assert.Null((await _bench.SealAsync(id)).Refusal);

        Assert.Equal(await WebmFile.SealAsync(bytes.ToArray()), await _bench.SealedBytesAsync(id));
    }

    [Fact]
    public async Task Seal_LeavesWholeBlocksWhereTheyAre()
    {
        var id = await _bench.CreatedAsync();
        await _bench.UploadAsync(id, Sample.Bytes, 9_000);
        var before = await BlockNamesAsync(id);

        await _bench.SealAsync(id);

        var after = await BlockNamesAsync(id);
        Assert.Equal(before[1..], after[2..]);
        Assert.DoesNotContain(before[0], after);
    }

    [Fact]
    public async Task Seal_WritesTheManifest()
    {
        var id = await _bench.CreatedAsync();
        await _bench.UploadAsync(id, Sample.Bytes);

        var recording = (await _bench.SealAsync(id)).Value!;

        var stored = await _bench.Container.GetBlobClient(id.ManifestBlob).DownloadContentAsync();
        using var manifest = JsonDocument.Parse(stored.Value.Content);
        var root = manifest.RootElement;
        Assert.Equal(id.Value, root.GetProperty("recording_id").GetString());
        Assert.Equal("default", root.GetProperty("tenant").GetString());
        Assert.Equal("r7k2m9qxw4tz", root.GetProperty("room").GetString());
        Assert.Equal("Weekly", root.GetProperty("title").GetString());
        Assert.Equal("p-ada", root.GetProperty("recorded_by").GetString());
        Assert.Equal("sealed", root.GetProperty("state").GetString());
        Assert.Equal(recording.SizeBytes, root.GetProperty("size_bytes").GetInt64());
        Assert.Equal(recording.Sha256, root.GetProperty("sha256").GetString());
        Assert.Equal(_bench.Time.GetUtcNow().ToUnixTimeMilliseconds(), root.GetProperty("sealed_at").GetInt64());
        Assert.InRange(root.GetProperty("duration_ms").GetInt64(), 19_900, 20_100);
    }

    [Fact]
    public async Task Seal_Twice_ChangesNothing()
    {
        var id = await _bench.CreatedAsync();
        await _bench.UploadAsync(id, Sample.Bytes);

        var first = await _bench.SealAsync(id);
        _bench.Time.Advance(TimeSpan.FromHours(1));
        var second = await _bench.SealAsync(id);

        Assert.Equal(first.Value, second.Value);
        Assert.Equal(Refusal.RecordingSealed, (await _bench.AppendAsync(id, first.Value!.SizeBytes, UploadStream.Of(new byte[5]))).Refusal);
    }

    [Fact]
    public async Task Seal_ManyAtOnce_GivesOneFile()
    {
        var id = await _bench.CreatedAsync();
        await _bench.UploadAsync(id, Sample.Bytes, 30_000);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _bench.SealAsync(id)));

        Assert.Single(outcomes.Select(outcome => outcome.Value?.Version).Distinct());
        Assert.Equal(await WebmFile.SealAsync(Sample.Bytes), await _bench.SealedBytesAsync(id));
    }

    [Fact]
    public async Task Seal_BrokenOffAtAnyRequest_IsFinishedBySealingAgain()
    {
        var broken = 0;
        for (var request = 1; ; request++)
        {
            var fault = new FaultAt(request);
            var faulty = new Bench(blobs, fault);
            var id = await _bench.CreatedAsync();
            await _bench.UploadAsync(id, Sample.Bytes, 30_000);

            var failure = await Record.ExceptionAsync(() => faulty.SealAsync(id));
            if (failure is null)
            {
                Assert.True(broken >= 8, $"Sealing took {broken} requests only: the fault cannot have been everywhere.");
                return;
            }

            broken++;
            Assert.IsType<PowerCutException>(failure);
            Assert.Null((await _bench.SealAsync(id)).Refusal);
            Assert.Equal(await WebmFile.SealAsync(Sample.Bytes), await _bench.SealedBytesAsync(id));
            Assert.True(await _bench.Container.GetBlobClient(id.ManifestBlob).ExistsAsync());
        }
    }

    [Fact]
    public async Task Seal_OfWhatIsNoWebM_FailsTheRecording()
    {
        var id = await _bench.CreatedAsync();
        await _bench.UploadAsync(id, "<html>not a recording</html>"u8.ToArray());

        Assert.Equal(Refusal.RecordingMalformed, (await _bench.SealAsync(id)).Refusal);
        Assert.Equal(Refusal.RecordingMalformed, (await _bench.SealAsync(id)).Refusal);
        Assert.Equal(Refusal.RecordingMalformed, (await _bench.AppendAsync(id, 28, UploadStream.Of(new byte[5]))).Refusal);
        Assert.Equal(RecordingState.Failed, (await _bench.Store.FindAsync(id, default))!.State);
    }

    [Fact]
    public async Task Seal_OfNothing_FailsTheRecording()
    {
        var id = await _bench.CreatedAsync();

        Assert.Equal(Refusal.RecordingMalformed, (await _bench.SealAsync(id)).Refusal);
    }

    [Fact]
    public async Task Seal_OfNoRecordingOrAnotherTenants_FindsNothing()
    {
        var id = await _bench.CreatedAsync();

        Assert.Equal(Refusal.NotFound, (await _bench.SealAsync(Example.Id())).Refusal);
        Assert.Equal(Refusal.NotFound, (await _bench.Locator.FindAsync(id.Value, new Access { Tenant = "other" }, default)).Refusal);
    }

    private async Task<string[]> BlockNamesAsync(RecordingId id)
    {
        var list = await _bench.Container.GetBlockBlobClient(id.MediaBlob).GetBlockListAsync(BlockListTypes.Committed);
        return [.. list.Value.CommittedBlocks.Select(block => block.Name)];
    }

    private sealed class PowerCutException : Exception;

    /// <summary>Lets nothing more through from the given request on, as if the process had died just before it.</summary>
    private sealed class FaultAt(int request) : HttpPipelinePolicy
    {
        private int _seen;

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

        public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            Interlocked.Increment(ref _seen) >= request ? throw new PowerCutException() : ProcessNextAsync(message, pipeline);
    }
}
