using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Clearway.Storage.Recordings;
using Clearway.Storage.V1;
using Google.Protobuf;

namespace Clearway.Storage.Tests.Recordings;

[Collection(BlobTests.Name)]
public sealed class RecordingUploadsTests(BlobFixture blobs)
{
    private readonly Bench _bench = new(blobs);

    [Theory]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(1_000_000)]
    public async Task Append_InUploadsOfAnySize_KeepsEveryByte(int uploadSize)
    {
        var bytes = RandomBytes(uploadSize == 1 ? 20 : 3_000_000);
        var id = await _bench.CreatedAsync();

        await _bench.UploadAsync(id, bytes, uploadSize);

        Assert.Equal(bytes, await _bench.BytesAsync(id));
    }

    [Fact]
    public async Task Append_OfMuch_GathersBlocksOf8MiB()
    {
        var bytes = RandomBytes((20 << 20) + 5);
        var id = await _bench.CreatedAsync();

        await _bench.UploadAsync(id, bytes);

        var blocks = await _bench.Container.GetBlockBlobClient(id.MediaBlob).GetBlockListAsync(BlockListTypes.All);
        Assert.Equal([8 << 20, 8 << 20, (4 << 20) + 5], blocks.Value.CommittedBlocks.Select(block => block.SizeLong));
        Assert.Empty(blocks.Value.UncommittedBlocks);
        Assert.Equal(bytes, await _bench.BytesAsync(id));
    }

    [Fact]
    public async Task Append_InManySmallUploads_MergesTheirBlocks()
    {
        var bytes = RandomBytes(400 * 50);
        var id = await _bench.CreatedAsync();

        await _bench.UploadAsync(id, bytes, uploadSize: 50);

        var blocks = await _bench.Container.GetBlockBlobClient(id.MediaBlob).GetBlockListAsync(BlockListTypes.Committed);
        Assert.InRange(blocks.Value.CommittedBlocks.Count(), 1, BlockMerge.MaxSmallBlocks + 1);
        Assert.Equal(bytes, await _bench.BytesAsync(id));
    }

    [Fact]
    public async Task Append_InUploadsOfAThirdOfABlock_EndsInWholeBlocks()
    {
        var bytes = RandomBytes(30 << 20);
        var id = await _bench.CreatedAsync();

        await _bench.UploadAsync(id, bytes, uploadSize: (8 << 20) / 3);

        var blocks = await _bench.Container.GetBlockBlobClient(id.MediaBlob).GetBlockListAsync(BlockListTypes.Committed);
        Assert.Equal([8 << 20, 8 << 20, 8 << 20], blocks.Value.CommittedBlocks.Take(3).Select(block => block.SizeLong));
        Assert.Equal(bytes, await _bench.BytesAsync(id));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(99)]
    [InlineData(101)]
    [InlineData(long.MaxValue)]
    public async Task Append_AtAnotherOffset_IsRefusedWithTheRightOne(long offset)
    {
        var id = await _bench.CreatedAsync();
        await _bench.UploadAsync(id, RandomBytes(100));

        var refusal = (await _bench.AppendAsync(id, offset, UploadStream.Of(RandomBytes(10)))).Refusal;

        Assert.Equal(Refusal.UploadOffset(100), refusal);
        Assert.Equal(100, (await _bench.Store.FindAsync(id, default))!.SizeBytes);
    }

    [Fact]
    public async Task Append_WhenCut_KeepsWhatArrived()
    {
        var bytes = RandomBytes((9 << 20) + 3);
        var id = await _bench.CreatedAsync();

        await _bench.AppendAsync(id, 0, UploadStream.Of(bytes, isCut: true));

        Assert.Equal(bytes, await _bench.BytesAsync(id));
        await _bench.AppendAsync(id, bytes.Length, UploadStream.Of(bytes));
        Assert.Equal(bytes.Concat(bytes), await _bench.BytesAsync(id));
    }

    [Fact]
    public async Task Append_CutWhileSmallBlocksAreMerged_KeepsEveryByte()
    {
        using var cut = new CancellationTokenSource();
        var cutting = new CutAtABlock(cut);
        var bench = new Bench(blobs, cutting);
        var bytes = RandomBytes(20 << 20);
        var id = await bench.CreatedAsync();
        await bench.UploadAsync(id, bytes.AsMemory(0, 9 << 20), uploadSize: 3 << 20);

        cutting.IsArmed = true;
        using var stream = UploadStream.Of(bytes.AsMemory(9 << 20));
        var header = new UploadHeader { Id = id.Value, Access = Example.Access, Offset = 9 << 20 };
        var stored = (await bench.Uploads.AppendAsync(header, stream, cut.Token)).Value!;

        Assert.Equal(17 << 20, stored.SizeBytes);
        Assert.Equal(bytes[..(17 << 20)], await bench.BytesAsync(id));
    }

    [Fact]
    public async Task Append_OfTwoAtOnce_LetsOneWin()
    {
        var id = await _bench.CreatedAsync();
        var gate = new TaskCompletionSource();
        var contents = Enumerable.Range(0, 6).Select(_ => RandomBytes(200_000)).ToArray();
        var uploads = contents.Select(bytes => _bench.AppendAsync(id, 0, UploadStream.Of(bytes, before: gate.Task))).ToArray();

        gate.SetResult();
        var outcomes = await Task.WhenAll(uploads);

        var winner = Assert.Single(Enumerable.Range(0, 6), i => outcomes[i].Refusal is null);
        Assert.All(outcomes.Where((_, i) => i != winner), outcome => Assert.Equal(Refusal.UploadBusy, outcome.Refusal));
        Assert.Equal(contents[winner], await _bench.BytesAsync(id));
    }

    [Fact]
    public async Task Append_OfAChunkOver64KiB_IsRefused()
    {
        var id = await _bench.CreatedAsync();
        var message = new UploadRequest { Chunk = ByteString.CopyFrom(new byte[RecordingLimits.MaxChunkBytes + 1]) };

        var outcome = await _bench.AppendAsync(id, 0, new UploadStream([message]));

        Assert.Equal("bad_request", outcome.Refusal?.Code);
        Assert.Equal(0, (await _bench.Store.FindAsync(id, default))!.SizeBytes);
    }

    [Fact]
    public async Task Append_OfASecondHeader_IsRefused()
    {
        var id = await _bench.CreatedAsync();

        var outcome = await _bench.AppendAsync(id, 0, new UploadStream([new UploadRequest { Header = new UploadHeader() }]));

        Assert.Equal("bad_request", outcome.Refusal?.Code);
    }

    [Fact]
    public async Task Append_BeyondTheLimit_IsRefused()
    {
        var bench = new Bench(blobs, limits: new RecordingLimits { MaxRecordingBytes = 100_000 });
        var id = await bench.CreatedAsync();
        await bench.UploadAsync(id, RandomBytes(99_999));

        Assert.Equal(Refusal.StorageFull, (await bench.AppendAsync(id, 99_999, UploadStream.Of(RandomBytes(2)))).Refusal);
        Assert.Null((await bench.AppendAsync(id, 99_999, UploadStream.Of(RandomBytes(1)))).Refusal);
    }

    [Fact]
    public async Task Append_ForAnotherTenant_FindsNothing()
    {
        var id = await _bench.CreatedAsync();
        var stream = UploadStream.Of(RandomBytes(5));

        var outcome = await _bench.Uploads.AppendAsync(new UploadHeader { Id = id.Value, Access = new Access { Tenant = "other" } }, stream, default);

        Assert.Equal(Refusal.NotFound, outcome.Refusal);
    }

    [Fact]
    public async Task Append_ToADeletedRecording_FindsNothing()
    {
        var id = await _bench.CreatedAsync();
        var recording = await _bench.Store.FindAsync(id, default);
        await _bench.Store.UpdateAsync(recording! with { State = RecordingState.Deleted }, default);

        Assert.Equal(Refusal.NotFound, (await _bench.AppendAsync(id, 0, UploadStream.Of(RandomBytes(5)))).Refusal);
        Assert.Equal(Refusal.NotFound, (await _bench.SealAsync(id)).Refusal);
    }

    private static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        Random.Shared.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Cuts an upload when a block is about to be sent.</summary>
    private sealed class CutAtABlock(CancellationTokenSource cut) : HttpPipelineSynchronousPolicy
    {
        public bool IsArmed { get; set; }

        public override void OnSendingRequest(HttpMessage message)
        {
            if (IsArmed && message.Request.Uri.Query.Contains("comp=block&", StringComparison.Ordinal))
            {
                cut.Cancel();
            }
        }
    }
}
