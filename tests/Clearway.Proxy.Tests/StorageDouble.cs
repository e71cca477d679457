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

    private readonly ConcurrentDictionary<string, (Recording Recording, MemoryStream Bytes)> _recordings = new();

    /// <summary>Sizes of the chunks of all uploads.</summary>
    internal ConcurrentQueue<int> Chunks { get; } = new();

    /// <summary>When set, every call fails so.</summary>
    internal RpcException? Failure { get; set; }

    internal ReadRequest? LastRead { get; private set; }

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

    internal void Seed(byte[] bytes, string title = "Weekly", string room = Edge.Room, RecordingState state = RecordingState.Sealed)
    {
        var stream = new MemoryStream();
        stream.Write(bytes);
        var recording = new Recording
        {
            Id = Id, Tenant = "default", Room = room, Title = title, State = state, ContentType = "video/webm",
        };
        recording.SizeBytes = bytes.Length;
        _recordings[Id] = (recording, stream);
    }

    public override Task<Recording> Create(CreateRequest request, ServerCallContext context)
    {
        Fail();
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
        _recordings[request.Id] = (recording, new MemoryStream());
        return Task.FromResult(recording);
    }

    public override Task<Recording> Get(GetRequest request, ServerCallContext context) => _recordings.TryGetValue(request.Id, out var found)
        ? Task.FromResult(found.Recording)
        : throw Refuse(StatusCode.NotFound, "not_found");

    public override async Task<UploadResponse> Upload(IAsyncStreamReader<UploadRequest> requestStream, ServerCallContext context)
    {
        Fail();
        await requestStream.MoveNext(context.CancellationToken);
        var header = requestStream.Current.Header;
        var (recording, bytes) = _recordings[header.Id];
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
        return new UploadResponse { Offset = bytes.Length };
    }

    public override Task<SealResponse> Seal(SealRequest request, ServerCallContext context)
    {
        Fail();
        var recording = _recordings[request.Id].Recording.Clone();
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
        var (recording, stream) = _recordings[request.Id];
        var bytes = stream.ToArray();
        var partial = request.Range.Length > 0 && (request.IfRange.Length == 0 || request.IfRange == Etag);
        var (first, length) = partial ? Range(request.Range["bytes=".Length..], bytes.Length) : (0, bytes.Length);
        await responseStream.WriteAsync(new ReadResponse
        {
            Header = new ReadHeader { Recording = recording, First = first, Length = length, Partial = partial, Etag = Etag },
        });
        for (var sent = 0; !request.HeaderOnly && sent < length; sent += 64 * 1024)
        {
            var count = Math.Min(64 * 1024, length - sent);
            await responseStream.WriteAsync(new ReadResponse { Chunk = ByteString.CopyFrom(bytes, first + sent, count) });
        }
    }

    private static (int First, int Length) Range(string range, int size)
    {
        var dash = range.IndexOf('-', StringComparison.Ordinal);
        var first = dash == 0
            ? size - int.Parse(range[1..], CultureInfo.InvariantCulture)
            : int.Parse(range[..dash], CultureInfo.InvariantCulture);
        var last = dash > 0 && dash < range.Length - 1 ? int.Parse(range[(dash + 1)..], CultureInfo.InvariantCulture) : size - 1;
        return first < size
            ? (first, Math.Min(last, size - 1) - first + 1)
            : throw Refuse(StatusCode.OutOfRange, "range_not_satisfiable", ("clearway-size", size.ToString(CultureInfo.InvariantCulture)));
    }

    private void Fail()
    {
        if (Failure is not null)
        {
            throw Failure;
        }
    }
}
