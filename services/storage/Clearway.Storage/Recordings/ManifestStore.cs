using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Clearway.Storage.Links;
using Clearway.Storage.V1;

namespace Clearway.Storage.Recordings;

/// <summary>Manifests in blob storage, each with its signature: HMAC-SHA256 by the service's key over the SHA-256 of the blob.</summary>
internal sealed class ManifestStore(BlobContainerClient container, RecordingStore recordings, Consents consents, Chapters chapters, StorageKey key)
{
    private const string Purpose = "clearway recording manifest v1";
    private const string Signature = "signature";

    /// <summary>Writes the manifest of a sealed recording; writing it again brings it up to date.</summary>
    public async Task WriteAsync(StoredRecording recording, CancellationToken cancellationToken)
    {
        var blocks = await recordings.GetBlocksAsync(recording, cancellationToken);
        var manifest = Manifest.Write(
            recording,
            blocks,
            await consents.ReadAsync(recording.Id, cancellationToken),
            await chapters.TurnsAsync(recording.Id, cancellationToken));
        var options = new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
            Metadata = new Dictionary<string, string> { [Signature] = key.Sign(Purpose, Digest(manifest)) },
        };
        await Blob(recording.Id).UploadAsync(BinaryData.FromBytes(manifest), options, cancellationToken);
    }

    /// <summary>Takes into the manifest what was kept while the recording was being sealed.</summary>
    public async Task RefreshAsync(RecordingId id, CancellationToken cancellationToken)
    {
        if (await recordings.FindAsync(id, cancellationToken) is { State: RecordingState.Sealed } recording)
        {
            await WriteAsync(recording, cancellationToken);
        }
    }

    /// <summary>
    /// Reads a recording's manifest and checks its signature; null when it is not sealed. A sealed one that has none, since the process died
    /// between the two writes, gets it now.
    /// </summary>
    public async Task<(byte[] Manifest, string Signature, bool IsValid)?> GetAsync(
        StoredRecording recording, CancellationToken cancellationToken)
    {
        if (recording.State != RecordingState.Sealed)
        {
            return null;
        }

        if (await ReadAsync(recording.Id, cancellationToken) is { } found)
        {
            return found;
        }

        await WriteAsync(recording, cancellationToken);
        return await ReadAsync(recording.Id, cancellationToken);
    }

    /// <summary>Reads a manifest and checks its signature; null when there is none.</summary>
    public async Task<(byte[] Manifest, string Signature, bool IsValid)?> ReadAsync(RecordingId id, CancellationToken cancellationToken)
    {
        try
        {
            var blob = (await Blob(id).DownloadContentAsync(cancellationToken)).Value;
            var manifest = blob.Content.ToArray();
            var signature = blob.Details.Metadata.TryGetValue(Signature, out var found) ? found : "";
            return (manifest, signature, key.Verify(signature, Purpose, Digest(manifest)));
        }
        catch (RequestFailedException failure) when (failure.Status == StatusCodes.Status404NotFound)
        {
            return null;
        }
    }

    /// <summary>Removes the manifest and what went into it.</summary>
    public async Task RemoveAsync(RecordingId id, CancellationToken cancellationToken)
    {
        await Blob(id).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        await consents.RemoveAsync(id, cancellationToken);
        await chapters.RemoveAsync(id, cancellationToken);
    }

    private static string Digest(byte[] manifest) => Convert.ToHexStringLower(SHA256.HashData(manifest));

    private BlobClient Blob(RecordingId id) => container.GetBlobClient(id.ManifestBlob);
}
