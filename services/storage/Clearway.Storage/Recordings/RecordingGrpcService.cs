using Azure;
using Clearway.Storage.Links;
using Clearway.Storage.V1;
using Grpc.Core;

namespace Clearway.Storage.Recordings;

/// <summary>The contract's calls, each handed to the part that does it; refusals become gRPC statuses here and nowhere else.</summary>
internal sealed class RecordingGrpcService(
    RecordingCreation creation,
    RecordingUploads uploads,
    RecordingSeals seals,
    RecordingReads reads,
    RecordingStore store,
    DownloadLinks links,
    SystemMessages systemMessages,
    StorageMetrics metrics,
    ILogger<RecordingGrpcService> log) : RecordingService.RecordingServiceBase
{
    public override Task<Recording> Create(CreateRequest request, ServerCallContext context) => AnswerAsync(
        creation.CreateAsync(request, context.CancellationToken), RecordingMessage.From);

    public override Task<UploadResponse> Upload(IAsyncStreamReader<UploadRequest> requestStream, ServerCallContext context) => AnswerAsync(
        UploadAsync(requestStream, context.CancellationToken), stored => new UploadResponse { Offset = stored.SizeBytes });

    public override Task<Recording> Get(GetRequest request, ServerCallContext context) => AnswerAsync(
        GetAsync(request, context.CancellationToken), RecordingMessage.From);

    public override Task<SealResponse> Seal(SealRequest request, ServerCallContext context) => AnswerAsync(
        SealAsync(request, context.CancellationToken), Announce);

    public override async Task Read(ReadRequest request, IServerStreamWriter<ReadResponse> responseStream, ServerCallContext context)
    {
        try
        {
            if (await reads.SendAsync(request, responseStream, context.CancellationToken) is { } refusal)
            {
                throw Refuse(refusal);
            }
        }
        catch (Exception failure) when (StoreFailure(failure) is { } cause)
        {
            throw Refuse(RefusalOf(cause));
        }
    }

    private async Task<Outcome<StoredRecording>> UploadAsync(
        IAsyncStreamReader<UploadRequest> stream, CancellationToken cancellationToken) =>
        await stream.MoveNext(cancellationToken) && stream.Current.PartCase == UploadRequest.PartOneofCase.Header
            ? await uploads.AppendAsync(stream.Current.Header, stream, cancellationToken)
            : Refusal.BadRequest("The first message of an upload is its header.");

    private async Task<Outcome<StoredRecording>> GetAsync(GetRequest request, CancellationToken cancellationToken)
    {
        if (!RecordingId.TryParse(request.Id, out var id))
        {
            return Refusal.RecordingIdMalformed;
        }

        var recording = await store.FindAsync(id, cancellationToken);
        return recording is not null && recording.State != RecordingState.Deleted && recording.Tenant.Value == request.Tenant
            ? recording
            : Refusal.NotFound;
    }

    private async Task<Outcome<StoredRecording>> SealAsync(SealRequest request, CancellationToken cancellationToken) =>
        RecordingId.TryParse(request.Id, out var id)
            ? await seals.SealAsync(id, new TenantId(request.Tenant), cancellationToken)
            : Refusal.RecordingIdMalformed;

    private SealResponse Announce(StoredRecording recording)
    {
        var link = links.Sign(recording);
        var (data, security) = systemMessages.Announce(recording, link);
        return new SealResponse { Recording = RecordingMessage.From(recording), Link = link, SystemData = data, Security = security };
    }

    private async Task<T> AnswerAsync<T>(Task<Outcome<StoredRecording>> call, Func<StoredRecording, T> answer)
    {
        try
        {
            return (await call).IsRefused(out var refusal, out var recording) ? throw Refuse(refusal) : answer(recording);
        }
        catch (Exception failure) when (StoreFailure(failure) is { } cause)
        {
            throw Refuse(RefusalOf(cause));
        }
    }

    private RpcException Refuse(Refusal refusal)
    {
        metrics.Refused(refusal.Code);
        return refusal.ToException();
    }

    // After its last retry the blob client throws the failures of all of them at once.
    private static RequestFailedException? StoreFailure(Exception failure) => failure as RequestFailedException
        ?? (failure as AggregateException)?.InnerExceptions.OfType<RequestFailedException>().LastOrDefault();

    private Refusal RefusalOf(RequestFailedException failure)
    {
        LogCatalogue.StoreFailed(log, failure, failure.Status, failure.ErrorCode);
        return failure.Status switch
        {
            StatusCodes.Status412PreconditionFailed => Refusal.UploadBusy,
            StatusCodes.Status507InsufficientStorage or StatusCodes.Status413PayloadTooLarge => Refusal.StorageFull,
            _ => Refusal.Unavailable,
        };
    }
}
