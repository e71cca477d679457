using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Clearway.Storage.Recordings;

/// <summary>
/// What happened while something was recorded, as lines of JSON in an append blob beside the media, in the order in which it came: nothing is
/// ever changed or taken back out.
/// </summary>
/// <param name="container">Holds the blobs.</param>
/// <param name="blobOf">Name of a recording's blob.</param>
/// <param name="shape">How an entry is written.</param>
/// <param name="maxAdditions">How often something may be added to one recording.</param>
internal sealed class Journal<T>(
    BlobContainerClient container, Func<RecordingId, string> blobOf, JsonTypeInfo<T> shape, int maxAdditions)
{
    private const byte NewLine = (byte)'\n';

    /// <summary>Adds entries, all of them or none.</summary>
    /// <returns>False when something was added as often as it may be.</returns>
    public async Task<bool> AddAsync(RecordingId id, IEnumerable<T> entries, CancellationToken cancellationToken)
    {
        var blob = Blob(id);
        await blob.CreateIfNotExistsAsync(new AppendBlobCreateOptions(), cancellationToken);
        using var content = new MemoryStream();
        foreach (var entry in entries)
        {
            content.Write(JsonSerializer.SerializeToUtf8Bytes(entry, shape));
            content.WriteByte(NewLine);
        }

        content.Position = 0;
        var written = await blob.AppendBlockAsync(content, new AppendBlobAppendBlockOptions(), cancellationToken);
        return written.Value.BlobCommittedBlockCount <= maxAdditions;
    }

    /// <summary>Reads at most so many entries, the first ones.</summary>
    public async Task<IReadOnlyList<T>> ReadAsync(RecordingId id, int most, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = (await Blob(id).DownloadContentAsync(cancellationToken)).Value.Content.ToMemory();
            return [.. Lines(bytes).Take(most).Select(line => JsonSerializer.Deserialize(line.Span, shape)!)];
        }
        catch (RequestFailedException failure) when (failure.Status == StatusCodes.Status404NotFound)
        {
            return [];
        }
    }

    public Task RemoveAsync(RecordingId id, CancellationToken cancellationToken) =>
        Blob(id).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> bytes)
    {
        for (int end; (end = bytes.Span.IndexOf(NewLine)) >= 0; bytes = bytes[(end + 1)..])
        {
            yield return bytes[..end];
        }
    }

    private AppendBlobClient Blob(RecordingId id) => container.GetAppendBlobClient(blobOf(id));
}
