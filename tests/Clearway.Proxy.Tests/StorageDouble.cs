using System.Collections.Concurrent;
using System.Globalization;
using Clearway.Storage.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Clearway.Proxy.Tests;

/// <summary>Recordings in memory, with the refusals and trailers of the storage service.</summary>
internal sealed class StorageDouble : RecordingService.RecordingServiceBase
{
    internal const string Id = "01k5pzbg0a7v3qd9xw4tz2m8nc";
    internal const string Etag = "\"e1\"";

    /// <summary>Upload key of every recording.</summary>
    internal const string Key = "00aa";

    private readonly ConcurrentDictionary<string, (Recording Recording, MemoryStream Bytes)> _recordings = new();

    /// <summary>Sizes of the chunks of all uploads.</summary>
    internal ConcurrentQueue<int> Chunks { get; } = new();

    /// <summary>When set, every call fails so.</summary>
    internal RpcException? Failure { get; set; }

    internal CreateRequest? LastCreation { get; private set; }

    internal ReadRequest? LastRead { get; private set; }

    internal ListRequest? LastList { get; private set; }

    internal CreateLinkRequest? LastLink { get; private set; }

    internal AddConsentRequest? LastConsent { get; private set; }

    internal AddSpeechRequest? LastSpeech { get; private set; }

    /// <summary>How often bytes were asked for, and not a header only.</summary>
    internal int Fetches { get; private set; }

    internal UploadHeader? LastUpload { get; private set; }

    internal byte[] BytesOf(string id) => _recordings[id].Bytes.ToArray();

    internal static RpcException Refuse(StatusCode status, string code, params (string Key, string Value)[] facts)
    {
        var trailers = new Metadata { { "clearway-code", code } };
        foreach (var (key, value) in facts)
        {
            trailers.Add(key, value);
        }

        return new RpcException(new Status(status, "refused"), trailers);
    }

    internal void Seed(
        byte[] bytes, string title = "Weekly", string room = Edge.Room, RecordingState state = RecordingState.Sealed, long? length = null)
    {
        var stream = new MemoryStream();
        stream.Write(bytes);
        var recording = new Recording
        {
            Id = Id, Tenant = "default", Room = room, Title = title, State = state, ContentType = "video/webm",
        };
        recording.SizeBytes = bytes.Length;
        if (length is { } known)
        {
            recording.Length = known;
        }

        _recordings[Id] = (recording, stream);
    }

    public override Task<Recording> Create(CreateRequest request, ServerCallContext context)
    {
        Fail();
        LastCreation = request;
        var recording = new Recording
        {
            Id = request.Id,
            Tenant = request.Tenant,
            Room = request.Room,
            Title = request.Title,
            RecordedBy = request.RecordedBy,
            State = RecordingState.Recording,
            CreatedAt = 1790000000000,
        };
        if (request.HasLength)
        {
            recording.Length = request.Length;
        }

        _recordings[request.Id] = (recording, new MemoryStream());
        var answer = recording.Clone();
        answer.UploadKey = Key;
        return Task.FromResult(answer);
    }

    public override Task<Recording> Get(GetRequest request, ServerCallContext context) =>
        Task.FromResult(Find(request.Id, request.Access).Recording);

    public override Task<DeleteResponse> Delete(DeleteRequest request, ServerCallContext context)
    {
        _recordings.TryRemove(Find(request.Id, request.Access).Recording.Id, out _);
        return Task.FromResult(new DeleteResponse());
    }

    public override Task<ListResponse> List(ListRequest request, ServerCallContext context)
    {
        LastList = request;
        var answer = new ListResponse { Cursor = "next" };
        answer.Recordings.AddRange(_recordings.Values.Select(found => found.Recording));
        return Task.FromResult(answer);
    }

    public override Task<Recording> Rename(RenameRequest request, ServerCallContext context)
    {
        var recording = Find(request.Id, request.Access).Recording;
        recording.Title = request.Title;
        return Task.FromResult(recording);
    }

    public override Task<CreateLinkResponse> CreateLink(CreateLinkRequest request, ServerCallContext context)
    {
        LastLink = request;
        return Task.FromResult(new CreateLinkResponse { Link = "/api/v1/records/x/file", ExpiresAt = 5 });
    }

    public override Task<RevokeLinksResponse> RevokeLinks(RevokeLinksRequest request, ServerCallContext context)
    {
        Find(request.Id, request.Access);
        return Task.FromResult(new RevokeLinksResponse());
    }

    public override Task<AddConsentResponse> AddConsent(AddConsentRequest request, ServerCallContext context)
    {
        LastConsent = request;
        return Task.FromResult(new AddConsentResponse());
    }

    public override Task<AddSpeechResponse> AddSpeech(AddSpeechRequest request, ServerCallContext context)
    {
        LastSpeech = request;
        return Task.FromResult(new AddSpeechResponse());
    }

    public override Task<GetChaptersResponse> GetChapters(GetChaptersRequest request, ServerCallContext context)
    {
        Fail();
        var answer = new GetChaptersResponse { Recording = _recordings[request.Id].Recording };
        answer.Chapters.Add(LastSpeech!.Speech);
        return Task.FromResult(answer);
    }

    public override Task<GetManifestResponse> GetManifest(GetManifestRequest request, ServerCallContext context) =>
        Task.FromResult(new GetManifestResponse { Manifest = ByteString.CopyFromUtf8("{}"), Signature = "ab", IsValid = true });

    public override async Task<UploadResponse> Upload(IAsyncStreamReader<UploadRequest> requestStream, ServerCallContext context)
    {
        Fail();
        await requestStream.MoveNext(context.CancellationToken);
        var header = requestStream.Current.Header;
        LastUpload = header;
        var (recording, bytes) = Find(header.Id, header.Access);
        if (header.Offset != recording.SizeBytes)
        {
            var expected = recording.SizeBytes.ToString(CultureInfo.InvariantCulture);
            throw Refuse(StatusCode.OutOfRange, "upload_offset", ("clearway-offset", expected));
        }

        while (await requestStream.MoveNext(context.CancellationToken))
        {
            var chunk = requestStream.Current.Chunk;
            Chunks.Enqueue(chunk.Length);
            chunk.WriteTo(bytes);
        }

        recording.SizeBytes = bytes.Length;
        return new UploadResponse { Offset = bytes.Length, ExpiresAt = 1790604800000 };
    }

    public override Task<SealResponse> Seal(SealRequest request, ServerCallContext context)
    {
        Fail();
        var recording = Find(request.Id, request.Access).Recording.Clone();
        recording.State = RecordingState.Sealed;
        recording.SealedAt = 1790000061000;
        recording.Sha256 = "ab";
        return Task.FromResult(new SealResponse
        {
            Recording = recording,
            Link = $"/api/v1/records/{request.Id}/file?expires=1&signature=00",
            SystemData = """{"kind":"recording"}""",
            Security = "cd",
        });
    }

    public override async Task Read(ReadRequest request, IServerStreamWriter<ReadResponse> responseStream, ServerCallContext context)
    {
        Fail();
        LastRead = request;
        Fetches += request.HeaderOnly ? 0 : 1;
        var (recording, stream) = _recordings[request.Id];
        var bytes = stream.ToArray();
        var ranges = request.Range.Length > 0 && (request.IfRange.Length == 0 || request.IfRange == Etag)
            ? request.Range["bytes=".Length..].Split(',').Select(range => Range(range, bytes.Length)).ToArray()
            : [];
        var header = new ReadHeader { Recording = recording, Etag = Etag };
        header.Parts.AddRange(ranges);
        await responseStream.WriteAsync(new ReadResponse { Header = header });
        foreach (var part in ranges.DefaultIfEmpty(new BytePart { Length = bytes.Length }))
        {
            for (var sent = 0; !request.HeaderOnly && sent < part.Length; sent += 64 * 1024)
            {
                var count = (int)Math.Min(64 * 1024, part.Length - sent);
                await responseStream.WriteAsync(new ReadResponse { Chunk = ByteString.CopyFrom(bytes, (int)part.First + sent, count) });
            }
        }
    }

    private static BytePart Range(string range, int size)
    {
        var dash = range.IndexOf('-', StringComparison.Ordinal);
        var first = dash == 0
            ? size - int.Parse(range[1..], CultureInfo.InvariantCulture)
            : int.Parse(range[..dash], CultureInfo.InvariantCulture);
        var last = dash > 0 && dash < range.Length - 1 ? int.Parse(range[(dash + 1)..], CultureInfo.InvariantCulture) : size - 1;
        return first < size
            ? new BytePart { First = first, Length = Math.Min(last, size - 1) - first + 1 }
            : throw Refuse(StatusCode.OutOfRange, "range_not_satisfiable", ("clearway-size", size.ToString(CultureInfo.InvariantCulture)));
    }

    private (Recording Recording, MemoryStream Bytes) Find(string id, Clearway.Storage.V1.Access access)
    {
        if (access.UploadKey is not "" and not Key)
        {
            throw Refuse(StatusCode.PermissionDenied, "upload_key_refused");
        }

        var found = _recordings.TryGetValue(id, out var known) ? known : throw Refuse(StatusCode.NotFound, "not_found");
        return access.Room.Length == 0 || access.Room == found.Recording.Room
            ? found
            : throw Refuse(StatusCode.PermissionDenied, "room_forbidden");
    }

    private void Fail()
    {
        if (Failure is not null)
        {
            throw Failure;
        }
    }
}
