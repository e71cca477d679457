using System.Text.Json;
using System.Text.Json.Serialization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Clearway.Storage.Recordings;

/// <summary>What a participant said to being recorded.</summary>
/// <param name="Participant">Public id.</param>
/// <param name="Granted">Whether they agreed.</param>
/// <param name="At">Milliseconds since 1970-01-01T00:00:00Z.</param>
internal sealed record Consent(string Participant, bool Granted, long At);

/// <summary>Keeps what participants said in the order in which they said it: nothing is ever changed or taken back out.</summary>
internal sealed class Consents(BlobContainerClient container, TimeProvider time)
{
    /// <summary>Of one recording: 100 participants who change their mind ten times.</summary>
    private const int MaxConsents = 1000;

    private const byte NewLine = (byte)'\n';

    /// <summary>Adds one.</summary>
    /// <returns>False when the recording has as many as it can.</returns>
    public async Task<bool> AddAsync(RecordingId id, string participant, bool isGranted, CancellationToken cancellationToken)
    {
        var blob = Blob(id);
        await blob.CreateIfNotExistsAsync(new AppendBlobCreateOptions(), cancellationToken);
        var consent = new Consent(participant, isGranted, time.GetUtcNow().ToUnixTimeMilliseconds());
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(consent, ConsentJson.Default.Consent), NewLine];
        using var content = new MemoryStream(line);
        var written = await blob.AppendBlockAsync(content, new AppendBlobAppendBlockOptions(), cancellationToken);
        return written.Value.BlobCommittedBlockCount <= MaxConsents;
    }

    public async Task<IReadOnlyList<Consent>> ReadAsync(RecordingId id, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = (await Blob(id).DownloadContentAsync(cancellationToken)).Value.Content.ToMemory();
            return [.. Lines(bytes).Take(MaxConsents).Select(line => JsonSerializer.Deserialize(line.Span, ConsentJson.Default.Consent)!)];
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

    private AppendBlobClient Blob(RecordingId id) => container.GetAppendBlobClient(id.ConsentBlob);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Consent))]
internal sealed partial class ConsentJson : JsonSerializerContext;
