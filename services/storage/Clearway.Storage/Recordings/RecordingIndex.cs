using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Clearway.Storage.Recordings;

/// <summary>
/// Which recordings a tenant has: an empty blob for each, written before the recording itself so that none is ever missing, and named so
/// that the newest come first. The name holds the tenant in hexadecimal digits and the mirrored id, never a text from outside. An entry is
/// only where to look: whose a recording is, its own blob says.
/// </summary>
internal sealed class RecordingIndex(BlobContainerClient container)
{
    private const string Root = "tenants/";

    public async Task AddAsync(TenantId tenant, RecordingId id, CancellationToken cancellationToken)
    {
        using var nothing = new MemoryStream();
        await container.GetBlobClient(Entry(tenant, id)).UploadAsync(nothing, overwrite: true, cancellationToken);
    }

    public Task RemoveAsync(TenantId tenant, RecordingId id, CancellationToken cancellationToken) =>
        container.GetBlobClient(Entry(tenant, id)).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    /// <summary>Ids of a tenant, newest first, in pages.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cursor">From the page before; null for the first.</param>
    /// <param name="pageSize">Ids in a page.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public async IAsyncEnumerable<(IReadOnlyList<RecordingId> Ids, string? Cursor)> PagesAsync(
        TenantId tenant,
        string? cursor,
        int pageSize,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var blobs = container.GetBlobsAsync(BlobTraits.None, BlobStates.None, Prefix(tenant), cancellationToken);
        await foreach (var page in blobs.AsPages(cursor, pageSize).WithCancellation(cancellationToken))
        {
            yield return ([.. page.Values.Select(blob => IdOf(blob.Name))], NullIfEmpty(page.ContinuationToken));
        }
    }

    /// <summary>Every recording of every tenant, and when its entry was written.</summary>
    public async IAsyncEnumerable<(TenantId Tenant, RecordingId Id, DateTimeOffset AddedAt)> AllAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, Root, cancellationToken))
        {
            var tenant = Encoding.UTF8.GetString(Convert.FromHexString(blob.Name.Split('/')[1]));
            yield return (new TenantId(tenant), IdOf(blob.Name), blob.Properties.LastModified ?? default);
        }
    }

    private static string Prefix(TenantId tenant) => $"{Root}{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(tenant.Value))}/";

    private static string Entry(TenantId tenant, RecordingId id) => Prefix(tenant) + id.Mirrored;

    private static RecordingId IdOf(string entry) => RecordingId.TryParse(entry[(entry.LastIndexOf('/') + 1)..], out var mirrored)
        && RecordingId.TryParse(mirrored.Mirrored, out var id)
            ? id
            : throw new FormatException("A blob below tenants/ is no entry of the index.");

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
