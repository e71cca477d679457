using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Clearway.Chat.History;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Clearway.Chat.Files;

/// <summary>
/// Stores and finds the files of rooms. A file's row comes before its blob and goes after it, so that no blob is ever without a row that
/// tells of it.
/// </summary>
internal sealed class RoomFiles(ChatDbContext database, BlobContainerClient container, IOptions<FileLimits> options)
{
    /// <summary>Stores a file.</summary>
    /// <returns>Null when it is stored.</returns>
    public async Task<Refusal?> AddAsync(StoredFile file, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (!await TryReserveAsync(file, cancellationToken))
        {
            return Refusal.QuotaExceeded;
        }

        try
        {
            await UploadAsync(file, bytes, cancellationToken);
        }
        catch (RequestFailedException failure) when (failure.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await UploadAsync(file, bytes, cancellationToken);
        }

        return null;
    }

    /// <summary>Finds a file whose message was not deleted.</summary>
    public Task<StoredFile?> FindAsync(RoomKey room, Guid id, CancellationToken cancellationToken) => database.Files.AsNoTracking()
        .Where(file => file.Tenant == room.Tenant && file.Room == room.Room && file.Id == id)
        .Where(file => !database.Messages.Any(message => message.Tenant == file.Tenant && message.Room == file.Room
            && message.Id == file.MessageId && message.DeletedAt != null))
        .FirstOrDefaultAsync(cancellationToken);

    /// <summary>Opens a file's bytes.</summary>
    /// <returns>Null when they are not stored.</returns>
    public async Task<Stream?> OpenAsync(StoredFile file, CancellationToken cancellationToken)
    {
        try
        {
            return (await BlobOf(file).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value.Content;
        }
        catch (RequestFailedException failure) when (failure.Status == StatusCodes.Status404NotFound)
        {
            // Its upload broke off.
            return null;
        }
    }

    /// <summary>Deletes files that no message announces any more, or never did.</summary>
    /// <param name="before">Those that were uploaded before this time.</param>
    /// <param name="most">Most files.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many.</returns>
    public async Task<int> DeleteUnannouncedAsync(DateTime before, int most, CancellationToken cancellationToken)
    {
        var gone = await database.Files.AsNoTracking()
            .Where(file => file.UploadedAt < before)
            .Where(file => !database.Messages.Any(message => message.Tenant == file.Tenant && message.Room == file.Room
                && message.Id == file.MessageId && message.DeletedAt == null))
            .OrderBy(file => file.UploadedAt)
            .Take(most)
            .ToListAsync(cancellationToken);
        foreach (var file in gone)
        {
            await BlobOf(file).DeleteIfExistsAsync(cancellationToken: cancellationToken);
            await database.Files.Where(one => one.Tenant == file.Tenant && one.Room == file.Room && one.Id == file.Id)
                .ExecuteDeleteAsync(cancellationToken);
        }

        return gone.Count;
    }

    /// <summary>Whether an exception is the blob server's, and not a fault of ours; after its last retry the client throws all of them at once.</summary>
    public static bool IsOutage(Exception exception) => exception is RequestFailedException or AggregateException;

    private Task<Response<BlobContentInfo>> UploadAsync(StoredFile file, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        BlobOf(file).UploadAsync(
            BinaryData.FromBytes(bytes),
            new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = FileType.Other } },
            cancellationToken);

    // Ids are of a-z, 0-9 and the hyphen, and the file's is ours: no part of the path is anybody's text.
    private BlobClient BlobOf(StoredFile file) => container.GetBlobClient($"{file.Tenant}/{file.Room}/{file.Id:N}");

    /// <summary>Writes the row where the tenant's quota permits it; of two at the same time the second counts the first.</summary>
    private Task<bool> TryReserveAsync(StoredFile file, CancellationToken cancellationToken) =>
        database.Database.CreateExecutionStrategy().ExecuteAsync(
            async cancellation =>
            {
                database.ChangeTracker.Clear();
                await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
                await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({file.Tenant}, 0))", cancellation);
                var used = await database.Files.Where(one => one.Tenant == file.Tenant).SumAsync(one => one.Size, cancellation);
                if (used + file.Size > options.Value.TenantQuotaBytes)
                {
                    return false;
                }

                database.Files.Add(file);
                await database.SaveChangesAsync(cancellation);
                await transaction.CommitAsync(cancellation);
                return true;
            },
            cancellationToken);
}
