using System.Security.Cryptography;
using Clearway.Storage.Recordings;
using Clearway.Storage.V1;
using Google.Protobuf;

namespace Clearway.Storage.Tests.Recordings;

/// <summary>What an upload's header promises besides the offset: a checksum, a length, an upload key.</summary>
[Collection(BlobTests.Name)]
public sealed class RecordingChecksumTests(BlobFixture blobs)
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 31))];

    private readonly Bench _bench = new(blobs);

    [Theory]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public async Task Append_WithTheRightChecksum_IsStored(string algorithm)
    {
        var id = await _bench.CreatedAsync();

        var outcome = await AppendAsync(id, 0, algorithm, algorithm == "sha1" ? Sha1() : SHA256.HashData(Bytes), UploadStream.Of(Bytes));

        Assert.Equal(Bytes.Length, outcome.Value?.SizeBytes);
        Assert.Equal(Bytes, await _bench.BytesAsync(id));
    }

    [Theory]
    [InlineData("sha1", "checksum_mismatch")]
    [InlineData("sha256", "checksum_mismatch")]
    [InlineData("md5", "checksum_unsupported")]
    [InlineData("SHA1", "checksum_unsupported")]
    public async Task Append_WithAnotherChecksum_StoresNothing(string algorithm, string code)
    {
        var id = await _bench.CreatedAsync();
        var digest = algorithm == "sha1" ? Sha1() : SHA256.HashData(Bytes);
        digest[3] ^= 1;

        var outcome = await AppendAsync(id, 0, algorithm, digest, UploadStream.Of(Bytes));

        Assert.Equal(code, outcome.Refusal?.Code);
        Assert.Equal(0, (await _bench.Store.FindAsync(id, default))?.SizeBytes);
    }

    [Fact]
    public async Task Append_WithAChecksumAndCut_StoresNothing()
    {
        var id = await _bench.CreatedAsync();

        var outcome = await AppendAsync(id, 0, "sha256", SHA256.HashData(Bytes), UploadStream.Of(Bytes, isCut: true));

        Assert.Equal(0, outcome.Value?.SizeBytes);
    }

    [Fact]
    public async Task Append_BeyondTheAnnouncedLength_IsRefused()
    {
        var id = await _bench.CreatedAsync();
        var header = Header(id, 0);
        header.Length = 100;

        Assert.Equal(100, (await AppendAsync(header, UploadStream.Of(Bytes.AsMemory(0, 100)))).Value?.SizeBytes);
        Assert.Equal(100, (await _bench.Store.FindAsync(id, default))?.Length);
        Assert.Equal("upload_length", (await _bench.AppendAsync(id, 100, UploadStream.Of(new byte[1]))).Refusal?.Code);
        var other = Header(id, 100);
        other.Length = 101;
        Assert.Equal("upload_length", (await AppendAsync(other, UploadStream.Of(new byte[1]))).Refusal?.Code);
    }

    [Fact]
    public async Task Append_OfTheLengthAlone_KeepsIt()
    {
        var id = await _bench.CreatedAsync();
        await _bench.UploadAsync(id, Bytes);
        var header = Header(id, Bytes.Length);
        header.Length = Bytes.Length;

        Assert.Null((await AppendAsync(header, UploadStream.Of(Array.Empty<byte>()))).Refusal);
        Assert.Equal(Bytes.Length, (await _bench.Store.FindAsync(id, default))?.Length);
    }

    [Fact]
    public async Task Append_WithTheUploadKey_NeedsNoTenant()
    {
        var id = await _bench.CreatedAsync();
        var other = await _bench.CreatedAsync();
        var key = _bench.Keys.KeyOf((await _bench.Store.FindAsync(id, default))!);

        Assert.Null((await AppendAsync(id, key)).Refusal);
        Assert.Equal("upload_key_refused", (await AppendAsync(other, key)).Refusal?.Code);
        Assert.Equal("upload_key_refused", (await AppendAsync(id, key[..^1] + (key[^1] == '0' ? '1' : '0'))).Refusal?.Code);
        Assert.Equal("upload_key_refused", (await AppendAsync(Example.Id(), key)).Refusal?.Code);
    }

    [Fact]
    public async Task Append_ToARecordingOfAnotherRoom_IsForbidden()
    {
        var id = await _bench.CreatedAsync();
        var header = Header(id, 0);
        header.Access = new Access { Tenant = "default", Room = "other" };

        Assert.Equal("room_forbidden", (await AppendAsync(header, UploadStream.Of(Bytes))).Refusal?.Code);
    }

    private static byte[] Sha1()
    {
#pragma warning disable CA5350 // tus names the algorithm; here it guards against accidents, not against people.
        return SHA1.HashData(Bytes);
#pragma warning restore CA5350
    }

    private static UploadHeader Header(RecordingId id, long offset) => new() { Id = id.Value, Access = Example.Access, Offset = offset };

    private Task<Outcome<StoredRecording>> AppendAsync(RecordingId id, string key)
    {
        var header = Header(id, 0);
        header.Access = new Access { UploadKey = key };
        return AppendAsync(header, UploadStream.Of(Bytes));
    }

    private Task<Outcome<StoredRecording>> AppendAsync(RecordingId id, long offset, string algorithm, byte[] digest, UploadStream stream)
    {
        var header = Header(id, offset);
        (header.ChecksumAlgorithm, header.Checksum) = (algorithm, ByteString.CopyFrom(digest));
        return AppendAsync(header, stream);
    }

    private Task<Outcome<StoredRecording>> AppendAsync(UploadHeader header, UploadStream stream) =>
        _bench.Uploads.AppendAsync(header, stream, stream.Cancelled);
}
