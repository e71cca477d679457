using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Clearway.Storage.Links;
using Clearway.Storage.Recordings;
using Clearway.Storage.V1;
using Clearway.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Clearway.Storage.Tests.Recordings;

/// <summary>The parts of the service over real blobs, without a host: for what a client cannot bring about.</summary>
internal sealed class Bench
{
    public Bench(BlobFixture blobs, HttpPipelinePolicy? policy = null, RecordingLimits? limits = null)
    {
        Container = blobs.Container(policy);
        Store = new RecordingStore(Container);
        Index = new RecordingIndex(Container);
        var options = Options.Create(limits ?? new RecordingLimits());
        var key = new StorageKey(Options.Create(new LinkOptions { Key = "a key for tests, of 32 bytes or more" }));
        Keys = new UploadKeys(key);
        var locator = new RecordingLocator(Store, Index, Keys);
        var usage = new TenantUsage(Index, locator, options, Time);
        Consents = new Consents(Container, Time);
        Chapters = new Chapters(Container);
        Manifests = new ManifestStore(Container, Store, Consents, Chapters, key);
        var metrics = new StorageMetrics(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
        Creation = new RecordingCreation(Store, Index, usage, Time, NullLogger<RecordingCreation>.Instance);
        var memory = new BlockMemory(options);
        Uploads = new RecordingUploads(Store, locator, usage, new UploadAdmission(memory), memory, options, metrics, NullLogger<RecordingUploads>.Instance);
        Seals = new RecordingSeals(Store, Manifests, Time, metrics, NullLogger<RecordingSeals>.Instance);
        Removal = new RecordingRemoval(Store, Manifests, usage, NullLogger<RecordingRemoval>.Instance);
        Locator = locator;
        Janitor = new Janitor(Store, Index, Seals, Removal, Manifests, options, Time, NullLogger<Janitor>.Instance);
    }

    public ManualTime Time { get; } = new();

    public BlobContainerClient Container { get; }

    public RecordingStore Store { get; }

    public RecordingIndex Index { get; }

    public RecordingLocator Locator { get; }

    public UploadKeys Keys { get; }

    public Consents Consents { get; }

    public Chapters Chapters { get; }

    public ManifestStore Manifests { get; }

    public RecordingRemoval Removal { get; }

    public Janitor Janitor { get; }

    public RecordingCreation Creation { get; }

    public RecordingUploads Uploads { get; }

    public RecordingSeals Seals { get; }

    public async Task<RecordingId> CreatedAsync()
    {
        var id = Example.Id();
        Assert.Null((await Creation.CreateAsync(Example.Creation(id), default)).Refusal);
        return id;
    }

    /// <summary>Uploads bytes at the recording's end, which is at <paramref name="offset"/>, in uploads of the given size.</summary>
    public async Task UploadAsync(RecordingId id, ReadOnlyMemory<byte> bytes, int uploadSize = int.MaxValue, long offset = 0)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            var part = bytes.Slice(sent, Math.Min(uploadSize, bytes.Length - sent));
            var stored = await AppendAsync(id, offset + sent, UploadStream.Of(part));
            Assert.Null(stored.Refusal);
            Assert.Equal(offset + (sent += part.Length), stored.Value!.SizeBytes);
        }
    }

    public Task<Outcome<StoredRecording>> AppendAsync(RecordingId id, long offset, UploadStream stream) =>
        Uploads.AppendAsync(new UploadHeader { Id = id.Value, Access = Example.Access, Offset = offset }, stream, stream.Cancelled);

    public async Task<Outcome<StoredRecording>> SealAsync(RecordingId id) =>
        (await Locator.FindAsync(id.Value, Example.Access, default)).IsRefused(out var refusal, out var recording)
            ? refusal
            : await Seals.SealAsync(recording, default);

    public async Task<byte[]> BytesAsync(RecordingId id) =>
        (await Container.GetBlobClient(id.MediaBlob).DownloadContentAsync()).Value.Content.ToArray();

    /// <summary>Asserts that the recording is sealed, and that its bytes are those of its hash.</summary>
    public async Task<byte[]> SealedBytesAsync(RecordingId id)
    {
        var recording = await Store.FindAsync(id, default);
        Assert.Equal(RecordingState.Sealed, recording!.State);
        var bytes = await BytesAsync(id);
        Assert.Equal(bytes.Length, recording.SizeBytes);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), recording.Sha256);
        return bytes;
    }
}
