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
/// <param name="maxBytes">How many bytes one recording's may have.</param>
internal sealed class Journal<T>(
    BlobContainerClient container, Func<RecordingId, string> blobOf, JsonTypeInfo<T> shape, long maxBytes)
{
    private const byte NewLine = (byte)'\n';

    /// <summary>Adds entries, all of them or none.</summary>
    /// <returns>False when there is no room for them.</returns>
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
        var options = new AppendBlobAppendBlockOptions
        {
            Conditions = new AppendBlobRequestConditions { IfMaxSizeLessThanOrEqual = maxBytes },
        };
        try
        {
            await blob.AppendBlockAsync(content, options, cancellationToken);
            return true;
        }
        catch (RequestFailedException full)
            when (full.ErrorCode == BlobErrorCode.MaxBlobSizeConditionNotMet || full.ErrorCode == BlobErrorCode.BlockCountExceedsLimit)
        {
            return false;
        }
    }

    /// <summary>Reads at most so many entries, the first ones.</summary>
    public async Task<IReadOnlyList<T>> ReadAsync(RecordingId id, int most, CancellationToken cancellationToken)
    {
        try
        {
            using var blob = (await Blob(id).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value;
            using var lines = new StreamReader(blob.Content);
            var entries = new List<T>();
            while (entries.Count < most && await lines.ReadLineAsync(cancellationToken) is { } line)
            {
                entries.Add(JsonSerializer.Deserialize(line, shape)!);
            }

            return entries;
        }
        catch (RequestFailedException failure) when (failure.Status == StatusCodes.Status404NotFound)
        {
            return [];
        }
    }

    public Task RemoveAsync(RecordingId id, CancellationToken cancellationToken) =>
        Blob(id).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    private AppendBlobClient Blob(RecordingId id) => container.GetAppendBlobClient(blobOf(id));
}
