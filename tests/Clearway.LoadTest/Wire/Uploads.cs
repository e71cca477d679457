using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Clearway.LoadTest.Servers;
using Clearway.Storage.V1;
using Google.Protobuf;
using Grpc.Net.Client;

namespace Clearway.LoadTest.Wire;

/// <summary>The same bytes, uploaded in different ways; each call is one upload, done when the server has acknowledged it.</summary>
/// <param name="servers">Clearway and its blob server.</param>
/// <param name="random">Makes ids.</param>
/// <param name="bytes">In one upload.</param>
internal sealed class Uploads(RecordingServers servers, Random random, long bytes) : IDisposable
{
    /// <summary>Most bytes that an Azure append blob takes at once, into which @tus/azure-store puts a whole request.</summary>
    internal const long AppendBytes = 4 << 20;

    private const int ChunkBytes = 64 * 1024;

    /// <summary>As large as storage makes its blocks.</summary>
    private const int BlockBytes = 8 << 20;

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(5) };
    private readonly GrpcChannel _storage = GrpcChannel.ForAddress(servers.StorageGrpc);

    /// <summary>By tus, as a browser does.</summary>
    internal async Task ThroughTheEdgeAsync()
    {
        using var uploader = await CreateAsync();
        Must(await uploader.AppendAsync(0, new SyntheticContent(0, bytes), default) == bytes);
    }

    /// <summary>As messages of 64 KiB into storage, as the proxy does.</summary>
    internal async Task OverGrpcAsync()
    {
        using var uploader = await CreateAsync();
        using var call = new RecordingService.RecordingServiceClient(_storage).Upload();
        var access = new Access { Tenant = servers.Tokens.Tenant };
        await call.RequestStream.WriteAsync(new UploadRequest { Header = new UploadHeader { Id = uploader.Id, Access = access } });
        for (var sent = 0L; sent < bytes; sent += ChunkBytes)
        {
            var chunk = SyntheticContent.Piece(sent, (int)Math.Min(ChunkBytes, bytes - sent));
            await call.RequestStream.WriteAsync(new UploadRequest { Chunk = UnsafeByteOperations.UnsafeWrap(chunk) });
        }

        await call.RequestStream.CompleteAsync();
        Must((await call).Offset == bytes);
    }

    /// <summary>As blocks, one after the other: the least that storage has to ask of it.</summary>
    internal async Task IntoTheBlobServerAsync()
    {
        var container = new BlobServiceClient(servers.Blobs).GetBlobContainerClient("recordings");
        var blob = container.GetBlockBlobClient($"alone/{random.NextInt64()}");
        var names = new List<string>();
        var block = new byte[BlockBytes];
        for (var sent = 0L; sent < bytes; sent += BlockBytes)
        {
            for (var filled = 0; filled < BlockBytes; filled += ChunkBytes)
            {
                SyntheticContent.Piece(sent + filled, ChunkBytes).CopyTo(block.AsMemory(filled));
            }

            names.Add(Convert.ToBase64String(BitConverter.GetBytes(sent)));
            using var content = new MemoryStream(block, 0, (int)Math.Min(BlockBytes, bytes - sent));
            await blob.StageBlockAsync(names[^1], content);
        }

        await blob.CommitBlockListAsync(names);
        await blob.DeleteAsync();
    }

    /// <summary>By tus to another server.</summary>
    /// <param name="port">Its port.</param>
    /// <param name="pieceBytes">In one request.</param>
    internal async Task ToTusAsync(int port, long pieceBytes)
    {
        var server = new Uri($"http://127.0.0.1:{port}");
        using var creation = Tus(HttpMethod.Post, new Uri(server, "/files"), "Upload-Length", bytes);
        using var created = await _http.SendAsync(creation);
        for (var sent = 0L; sent < bytes; sent += pieceBytes)
        {
            using var patch = Tus(HttpMethod.Patch, new Uri(server, created.Headers.Location!), "Upload-Offset", sent);
            patch.Content = new SyntheticContent(sent, Math.Min(pieceBytes, bytes - sent));
            patch.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
            using var answer = await _http.SendAsync(patch);
            Must(answer.StatusCode == HttpStatusCode.NoContent);
        }
    }

    internal async Task ToTheFileAsync(int port)
    {
        using var body = new SyntheticContent(0, bytes);
        using var answer = await _http.PostAsync(new Uri($"http://127.0.0.1:{port}/"), body);
        Must(answer.IsSuccessStatusCode);
    }

    public void Dispose()
    {
        _http.Dispose();
        _storage.Dispose();
    }

    private Task<RecordingUploader> CreateAsync() => RecordingUploader.CreateAsync(
        servers.Edge, servers.Tokens.Token(RoomTokens.Room("uplo", 0), 0, "organizer"), random);

    private static HttpRequestMessage Tus(HttpMethod method, Uri address, string header, long value) => new(method, address)
    {
        Headers = { { "Tus-Resumable", "1.0.0" }, { header, value.ToString(CultureInfo.InvariantCulture) } },
    };

    private static void Must(bool isTaken)
    {
        if (!isTaken)
        {
            throw new InvalidOperationException("An upload was not taken.");
        }
    }
}
