using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Clearway.Storage.Recordings;
using Microsoft.Extensions.Options;

namespace Clearway.Storage.Tests.Recordings;

[Collection(BlobTests.Name)]
public sealed class UploadMemoryTests(BlobFixture blobs)
{
    [Fact]
    public void Recording_WithTwoUploads_TakesAThirdOnceOneHasEnded()
    {
        var admission = new UploadAdmission(Memory(bytes: 64 << 20));
        var (id, other) = (Example.Id(), Example.Id());

        Assert.Null(admission.Enter(id));
        Assert.Null(admission.Enter(id));
        Assert.Equal(Refusal.UploadBusy, admission.Enter(id));
        Assert.Null(admission.Enter(other));
        admission.Leave(id);
        Assert.Null(admission.Enter(id));
        Assert.Equal(Refusal.UploadBusy, admission.Enter(id));
    }

    [Fact]
    public void Process_WithoutMemoryForOneMore_TakesItOnceAnotherHasEnded()
    {
        var admission = new UploadAdmission(Memory(bytes: 2 * Upload.LeastBytes));
        RecordingId[] ids = [Example.Id(), Example.Id(), Example.Id()];

        Assert.Null(admission.Enter(ids[0]));
        Assert.Null(admission.Enter(ids[1]));
        Assert.Equal(Refusal.TooManyUploads, admission.Enter(ids[2]));
        admission.Leave(ids[0]);
        Assert.Null(admission.Enter(ids[2]));
    }

    [Fact]
    public void Growth_OfThoseWhoAreIn_LeavesHalfForThoseWhoCome()
    {
        var memory = Memory(bytes: 1000);

        Assert.True(memory.TryGrow(500));
        Assert.False(memory.TryGrow(1));
        Assert.True(memory.TryEnter(500));
        Assert.False(memory.TryEnter(1));
        memory.Release(1000);
        Assert.True(memory.TryGrow(500));
    }

    [Fact]
    public async Task Append_WithTheLeastMemory_KeepsEveryByteInSmallerBlocks_AndGivesAllBack()
    {
        var bench = new Bench(blobs, limits: new RecordingLimits { UploadMemoryBytes = Upload.LeastBytes });
        var bytes = new byte[3_000_001];
        Random.Shared.NextBytes(bytes);
        var id = await bench.CreatedAsync();

        await bench.UploadAsync(id, bytes.AsMemory(0, 2_000_000));
        await bench.UploadAsync(id, bytes.AsMemory(2_000_000), uploadSize: 400_000, offset: 2_000_000);

        Assert.Equal(bytes, await bench.BytesAsync(id));
        var blocks = await bench.Container.GetBlockBlobClient(id.MediaBlob).GetBlockListAsync(BlockListTypes.Committed);
        Assert.All(blocks.Value.CommittedBlocks, block => Assert.InRange(block.SizeLong, 1, BlockBuffer.FirstBytes));
    }

    [Fact]
    public async Task Append_OfNothing_WritesNoBlocksAnew()
    {
        var staged = new Staged();
        var bench = new Bench(blobs, staged);
        var id = await bench.CreatedAsync();
        await bench.UploadAsync(id, new byte[BlockMerge.MaxSmallBlocks], uploadSize: 1);
        var before = staged.Blocks;

        Assert.Null((await bench.AppendAsync(id, BlockMerge.MaxSmallBlocks, UploadStream.Of(default))).Refusal);
        Assert.Equal(before, staged.Blocks);

        Assert.Null((await bench.AppendAsync(id, BlockMerge.MaxSmallBlocks, UploadStream.Of(new byte[1]))).Refusal);
        Assert.Equal(before + 2, staged.Blocks);
    }

    private static BlockMemory Memory(long bytes) => new(Options.Create(new RecordingLimits { UploadMemoryBytes = bytes }));

    private sealed class Staged : HttpPipelineSynchronousPolicy
    {
        private int _blocks;

        public int Blocks => _blocks;

        public override void OnSendingRequest(HttpMessage message)
        {
            if (message.Request.Uri.Query.Contains("comp=block&", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _blocks);
            }
        }
    }
}
