using System.Net;
using Azure;
using Clearway.Storage.Links;
using Clearway.Storage.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Clearway.Storage.Recordings;

/// <summary>The contract's calls, each handed to the part that does it; refusals become gRPC statuses here and nowhere else.</summary>
internal sealed class RecordingGrpcService(
    RecordingCreation creation,
    RecordingUploads uploads,
    RecordingSeals seals,
    RecordingReads reads,
    RecordingLocator locator,
    RecordingChanges changes,
    RecordingRemoval removal,
    ManifestStore manifests,
    Consents consents,
    Chapters chapters,
    UploadKeys uploadKeys,
    RecordingMessage messages,
    DownloadLinks links,
    SystemMessages systemMessages,
    StorageMetrics metrics,
    ILogger<RecordingGrpcService> log) : RecordingService.RecordingServiceBase
{
    private static readonly TimeSpan LongestLink = TimeSpan.FromDays(365);

    public override Task<Recording> Create(CreateRequest request, ServerCallContext context) => AnswerAsync(
        creation.CreateAsync(request, context.CancellationToken),
        recording =>
        {
            var created = messages.From(recording);
            created.UploadKey = uploadKeys.KeyOf(recording);
            return created;
        });

    public override Task<UploadResponse> Upload(IAsyncStreamReader<UploadRequest> requestStream, ServerCallContext context) => AnswerAsync(
        UploadAsync(requestStream, context.CancellationToken),
        stored => new UploadResponse { Offset = stored.SizeBytes, ExpiresAt = messages.ExpiryOf(stored) });

    public override Task<Recording> Get(GetRequest request, ServerCallContext context) => AnswerAsync(
        locator.FindAsync(request.Id, request.Access, context.CancellationToken), messages.From);

    public override Task<SealResponse> Seal(SealRequest request, ServerCallContext context) => AnswerAsync(
        ThenAsync(request.Id, request.Access, seals.SealAsync, context.CancellationToken), Announce);

    public override Task<Recording> Rename(RenameRequest request, ServerCallContext context) => AnswerAsync(
        changes.RenameAsync(request, context.CancellationToken), messages.From);

    public override Task<DeleteResponse> Delete(DeleteRequest request, ServerCallContext context) => AnswerAsync(
        ThenAsync(request.Id, request.Access, (recording, cancel) => DeleteAsync(recording, request.Access, cancel), context.CancellationToken),
        _ => new DeleteResponse());

    public override Task<RevokeLinksResponse> RevokeLinks(RevokeLinksRequest request, ServerCallContext context) => AnswerAsync(
        changes.RevokeLinksAsync(request, context.CancellationToken), _ => new RevokeLinksResponse());

    public override Task<CreateLinkResponse> CreateLink(CreateLinkRequest request, ServerCallContext context)
    {
        if (request.LifetimeSeconds < 0 || request.LifetimeSeconds > LongestLink.TotalSeconds)
        {
            throw Refuse(Refusal.BadRequest("lifetime"));
        }

        var network = default(IPNetwork);
        if (request.Network.Length > 0 && !IPNetwork.TryParse(request.Network, out network))
        {
            throw Refuse(Refusal.BadRequest("network"));
        }

        return AnswerAsync(locator.FindAsync(request.Id, request.Access, context.CancellationToken), recording =>
        {
            TimeSpan? lifetime = request.LifetimeSeconds == 0 ? null : TimeSpan.FromSeconds(request.LifetimeSeconds);
            var (link, expires) = links.Sign(recording, lifetime, request.Network.Length == 0 ? null : network);
            return new CreateLinkResponse { Link = link, ExpiresAt = expires.ToUnixTimeMilliseconds() };
        });
    }

    public override Task<AddConsentResponse> AddConsent(AddConsentRequest request, ServerCallContext context) => AnswerAsync(
        ThenAsync(request.Id, request.Access, (recording, cancel) => ConsentAsync(recording, request, cancel), context.CancellationToken),
        _ => new AddConsentResponse());

    public override Task<AddSpeechResponse> AddSpeech(AddSpeechRequest request, ServerCallContext context) => AnswerAsync(
        ThenAsync(
            request.Id, request.Access, (recording, cancel) => SpeechAsync(recording, request, cancel), context.CancellationToken),
        _ => new AddSpeechResponse());

    public override Task<GetChaptersResponse> GetChapters(GetChaptersRequest request, ServerCallContext context) => GuardAsync(async () =>
        (await reads.ChaptersAsync(request, context.CancellationToken)).IsRefused(out var refusal, out var answer) ? throw Refuse(refusal) : answer);

    public override async Task<ListResponse> List(ListRequest request, ServerCallContext context)
    {
        if (request.Limit is < 1 or > 100 || request.Access is not { Tenant.Length: > 0 })
        {
            throw Refuse(Refusal.BadRequest("limit"));
        }

        return await GuardAsync(async () =>
        {
            try
            {
                var (recordings, cursor) = await locator.ListAsync(request, context.CancellationToken);
                var answer = new ListResponse { Cursor = cursor ?? "" };
                answer.Recordings.AddRange(recordings.Select(messages.From));
                return answer;
            }
            catch (RequestFailedException malformed) when (malformed.Status == StatusCodes.Status400BadRequest)
            {
                throw Refuse(Refusal.BadRequest("cursor"));
            }
        });
    }

    public override Task<GetManifestResponse> GetManifest(GetManifestRequest request, ServerCallContext context) => GuardAsync(async () =>
    {
        var found = await locator.FindAsync(request.Id, request.Access, context.CancellationToken);
        if (found.IsRefused(out var refusal, out var recording))
        {
            throw Refuse(refusal);
        }

        return await manifests.GetAsync(recording, context.CancellationToken) is var (manifest, signature, isValid)
            ? new GetManifestResponse { Manifest = ByteString.CopyFrom(manifest), Signature = signature, IsValid = isValid }
            : throw Refuse(Refusal.RecordingOpen);
    });

    public override Task Read(ReadRequest request, IServerStreamWriter<ReadResponse> responseStream, ServerCallContext context) =>
        GuardAsync(async () => await reads.SendAsync(request, responseStream, context.CancellationToken) is { } refusal
            ? throw Refuse(refusal)
            : true);

    private async Task<Outcome<StoredRecording>> UploadAsync(
        IAsyncStreamReader<UploadRequest> stream, CancellationToken cancellationToken) =>
        await stream.MoveNext(cancellationToken) && stream.Current.PartCase == UploadRequest.PartOneofCase.Header
            ? await uploads.AppendAsync(stream.Current.Header, stream, cancellationToken)
            : Refusal.BadRequest("The first message of an upload is its header.");

    // An upload key ends its upload; it does not reach what the upload has become.
    private async Task<Outcome<StoredRecording>> DeleteAsync(StoredRecording recording, Access access, CancellationToken cancellationToken) =>
        access.UploadKey.Length > 0 && recording.State != RecordingState.Recording
            ? Refusal.RecordingSealed
            : await removal.RemoveAsync(recording, cancellationToken);

    private async Task<Outcome<StoredRecording>> ConsentAsync(
        StoredRecording recording, AddConsentRequest request, CancellationToken cancellationToken)
    {
        if (recording.State != RecordingState.Recording)
        {
            return Refusal.RecordingSealed;
        }

        if (!await consents.AddAsync(recording.Id, request.Participant, request.Granted, cancellationToken))
        {
            return Refusal.StorageFull;
        }

        await manifests.RefreshAsync(recording.Id, cancellationToken);
        return recording;
    }

    private async Task<Outcome<StoredRecording>> SpeechAsync(
        StoredRecording recording, AddSpeechRequest request, CancellationToken cancellationToken)
    {
        if (await chapters.AddAsync(recording, request.Speech, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        await manifests.RefreshAsync(recording.Id, cancellationToken);
        return recording;
    }

    private async Task<Outcome<StoredRecording>> ThenAsync(
        string id,
        Access access,
        Func<StoredRecording, CancellationToken, Task<Outcome<StoredRecording>>> call,
        CancellationToken cancellationToken) =>
        (await locator.FindAsync(id, access, cancellationToken)).IsRefused(out var refusal, out var recording)
            ? refusal
            : await call(recording, cancellationToken);

    private SealResponse Announce(StoredRecording recording)
    {
        var (link, _) = links.Sign(recording);
        if (recording.Kind == RecordingKind.Track)
        {
            // Somebody's own: the room is not told of it.
            return new SealResponse { Recording = messages.From(recording), Link = link };
        }

        var (data, security) = systemMessages.Announce(recording, link);
        return new SealResponse { Recording = messages.From(recording), Link = link, SystemData = data, Security = security };
    }

    private Task<T> AnswerAsync<T>(Task<Outcome<StoredRecording>> call, Func<StoredRecording, T> answer) => GuardAsync(async () =>
        (await call).IsRefused(out var refusal, out var recording) ? throw Refuse(refusal) : answer(recording));

    private async Task<T> GuardAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
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
