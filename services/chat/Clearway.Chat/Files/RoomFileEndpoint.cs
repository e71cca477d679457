using System.Text;
using Clearway.Chat.History;
using Clearway.Chat.V1;
using Clearway.ServiceDefaults;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Clearway.Chat.Files;

/// <summary>Files over gRPC. A file is held in memory while it comes, so only a few come at a time; others wait for their turn.</summary>
internal sealed class RoomFileEndpoint(
    RoomFiles files,
    DatabaseCalls calls,
    UploadTurns turns,
    IOptions<FileLimits> options,
    IOptions<SystemMessageOptions> signing,
    TimeProvider time,
    ILogger<RoomFileEndpoint> logger) : RoomFileService.RoomFileServiceBase
{
    private const int ChunkBytes = 64 * 1024;
    private const double SlowestBytesPerSecond = 64 * 1024;

    /// <summary>What a file may take beyond what it takes at the slowest speed: whoever sends nothing must not keep a turn.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public override async Task<UploadFileResponse> Upload(IAsyncStreamReader<UploadFileRequest> requestStream, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        if (!await requestStream.MoveNext(cancellation) || requestStream.Current.Header is not { } header)
        {
            throw Refusal.FileLength.ToException();
        }

        if ((RoomKey.Check(header.Tenant, header.Room, out var room) ?? Check(header)) is { } refusal)
        {
            throw refusal.ToException();
        }

        using var turn = await turns.TakeAsync(header.Tenant, header.SenderId, cancellation) ?? throw Refusal.FilesBusy.ToException();
        var bytes = await ReadInTimeAsync(requestStream, header.Size, cancellation);
        var file = new StoredFile
        {
            Tenant = room.Tenant,
            Room = room.Room,
            Id = Guid.NewGuid(),
            Name = FileName.Clean(header.Name),
            ContentType = FileType.Of(bytes),
            Size = bytes.Length,
            SenderId = header.SenderId,
            SenderName = header.SenderName,
            UploadedAt = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()).UtcDateTime,
        };
        var announcement = SignedAnnouncement.Of(FileAnnouncement.Of(file), Encoding.UTF8.GetBytes(signing.Value.Key));
        file.MessageId = announcement.MessageId;
        if (await StoreAsync(() => files.AddAsync(file, bytes, cancellation), context) is { } refused)
        {
            throw refused.ToException();
        }

        ChatLog.FileStored(logger, file.Id, file.Size);
        return new UploadFileResponse { File = Describe(file), SystemData = announcement.Data, Security = announcement.Security };
    }

    public override async Task Download(
        DownloadFileRequest request, IServerStreamWriter<DownloadFileResponse> responseStream, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        if (RoomKey.Check(request.Tenant, request.Room, out var room) is { } refusal)
        {
            throw refusal.ToException();
        }

        if (!Guid.TryParseExact(request.Id, "D", out var id)
            || await calls.RunAsync(() => files.FindAsync(room, id, cancellation), context) is not { } file)
        {
            throw Refusal.FileUnknown.ToException();
        }

        await using var bytes = await StoreAsync(() => files.OpenAsync(file, cancellation), context) ?? throw Refusal.FileUnknown.ToException();
        await responseStream.WriteAsync(new DownloadFileResponse { File = Describe(file) }, cancellation);
        var buffer = new byte[ChunkBytes];
        for (int read; (read = await bytes.ReadAsync(buffer, cancellation)) > 0;)
        {
            await responseStream.WriteAsync(new DownloadFileResponse { Chunk = ByteString.CopyFrom(buffer, 0, read) }, cancellation);
        }
    }

    private static RoomFile Describe(StoredFile file) => new()
    {
        Id = file.Id.ToString("D"),
        Name = file.Name,
        Size = file.Size,
        ContentType = file.ContentType,
    };

    private static async Task<byte[]> ReadAsync(IAsyncStreamReader<UploadFileRequest> parts, long size, CancellationToken cancellationToken)
    {
        var bytes = new byte[size];
        var filled = 0;
        while (await parts.MoveNext(cancellationToken))
        {
            if (parts.Current.PartCase != UploadFileRequest.PartOneofCase.Chunk || parts.Current.Chunk.Length > bytes.Length - filled)
            {
                throw Refusal.FileLength.ToException();
            }

            parts.Current.Chunk.CopyTo(bytes, filled);
            filled += parts.Current.Chunk.Length;
        }

        return filled == bytes.Length ? bytes : throw Refusal.FileLength.ToException();
    }

    private async Task<byte[]> ReadInTimeAsync(IAsyncStreamReader<UploadFileRequest> parts, long size, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Grace + TimeSpan.FromSeconds(size / SlowestBytesPerSecond), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await ReadAsync(parts, size, either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Refusal.FileTooSlow.ToException();
        }
    }

    private Refusal? Check(FileHeader header) =>
        !MessageRules.IsSender(header.SenderId, header.SenderName) ? Refusal.SenderInvalid
        : header.Name.Length > FileName.LongestGiven ? Refusal.FileNameInvalid
        : header.Size <= 0 ? Refusal.FileLength
        : header.Size > options.Value.MaxBytes ? Refusal.FileTooLarge
        : null;

    /// <summary>What needs the database and the blobs.</summary>
    private async Task<T> StoreAsync<T>(Func<Task<T>> store, ServerCallContext context)
    {
        try
        {
            return await calls.RunAsync(store, context);
        }
        catch (Exception failure) when (RoomFiles.IsOutage(failure))
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            ChatLog.BlobsFailed(logger, failure);
            throw Refusal.FilesUnavailable.ToException();
        }
    }
}
