using Clearway.Chat.V1;
using Grpc.Core;

namespace Clearway.Proxy.Tests;

internal sealed class HistoryDouble : ChatHistoryService.ChatHistoryServiceBase
{
    internal GetPageResponse Page { get; set; } = new();

    internal GetPageRequest? Asked { get; private set; }

    public override Task<GetPageResponse> GetPage(GetPageRequest request, ServerCallContext context)
    {
        Asked = request;
        return Following.TryDequeue(out var next) ? Task.FromResult(next)
            : FailsAfterFollowing ? throw new RpcException(new Status(StatusCode.Internal, "no"))
            : Task.FromResult(Page);
    }

    internal bool FailsAfterFollowing { get; set; }

    /// <summary>Pages that are answered one after the other before <see cref="Page"/>.</summary>
    internal Queue<GetPageResponse> Following { get; } = new();

    internal SearchRequest? Searched { get; private set; }

    public override Task<GetPageResponse> Search(SearchRequest request, ServerCallContext context)
    {
        Searched = request;
        return Task.FromResult(Page);
    }
}

internal sealed class FilesDouble : RoomFileService.RoomFileServiceBase
{
    internal FileHeader? Header { get; private set; }

    internal byte[] Bytes { get; set; } = [];

    internal RoomFile File { get; set; } = new() { Id = "0d2f1c8e-1111-4222-8333-444455556666", Name = "plan.png", ContentType = "image/png" };

    /// <summary>When set, uploads are refused with this code.</summary>
    internal (StatusCode Status, string Code)? Refusal { get; set; }

    public override async Task<UploadFileResponse> Upload(IAsyncStreamReader<UploadFileRequest> requestStream, ServerCallContext context)
    {
        await requestStream.MoveNext(context.CancellationToken);
        Header = requestStream.Current.Header;
        if (Refusal is { } refusal)
        {
            throw new RpcException(new Status(refusal.Status, "no"), new Metadata { { "clearway-code", refusal.Code } });
        }

        using var bytes = new MemoryStream();
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            requestStream.Current.Chunk.WriteTo(bytes);
        }

        Bytes = bytes.ToArray();
        return new UploadFileResponse { File = File, SystemData = "{}", Security = "00" };
    }

    public override async Task Download(
        DownloadFileRequest request, IServerStreamWriter<DownloadFileResponse> responseStream, ServerCallContext context)
    {
        if (request.Id != File.Id)
        {
            throw new RpcException(new Status(StatusCode.NotFound, "no"), new Metadata { { "clearway-code", "not_found" } });
        }

        File.Size = Bytes.Length;
        await responseStream.WriteAsync(new DownloadFileResponse { File = File });
        await responseStream.WriteAsync(new DownloadFileResponse { Chunk = Google.Protobuf.ByteString.CopyFrom(Bytes) });
    }
}

internal sealed class PredictionsDouble : PredictiveTextService.PredictiveTextServiceBase
{
    internal string[] Words { get; set; } = [];

    /// <summary>Never answers until the caller gives up.</summary>
    internal bool Hangs { get; set; }

    internal CompleteRequest? Asked { get; private set; }

    public override async Task<CompleteResponse> Complete(CompleteRequest request, ServerCallContext context)
    {
        Asked = request;
        if (Hangs)
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }

        return new CompleteResponse { Suggestions = { Words }, Replaced = 2 };
    }

    internal ForgetWordsRequest? Forgotten { get; private set; }

    public override Task<ForgetWordsResponse> ForgetWords(ForgetWordsRequest request, ServerCallContext context)
    {
        Forgotten = request;
        return Task.FromResult(new ForgetWordsResponse());
    }
}
