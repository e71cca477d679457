using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Clearway.Storage.V1;
using Clearway.TestServers;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Clearway.Storage.Tests.Recordings;

/// <summary>The service as it is deployed: a process of its own with its own configuration, called over gRPC.</summary>
internal sealed class StorageHost : IAsyncDisposable
{
    private readonly string _blobs;
    private readonly int _httpPort = ServerProcess.FreePort();
    private readonly int _grpcPort = ServerProcess.FreePort();
    private readonly GrpcChannel _channel;
    private Process _process;

    private StorageHost(string blobs)
    {
        _blobs = blobs;
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_grpcPort}");
        Client = new RecordingService.RecordingServiceClient(_channel);
        _process = Start();
    }

    public string LinkKey { get; } = RandomNumberGenerator.GetHexString(48);

    public string SystemMessageKey { get; } = RandomNumberGenerator.GetHexString(48);

    public RecordingService.RecordingServiceClient Client { get; }

    public static async Task<StorageHost> StartAsync(BlobFixture blobs)
    {
        var host = new StorageHost(blobs.ConnectionString);
        await host.ReadyAsync();
        return host;
    }

    /// <summary>Ends the process as a crash does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task RestartAsync()
    {
        await KillAsync();
        _process.Dispose();
        _process = Start();
        await ReadyAsync();
    }

    /// <summary>Runs the program with settings of its own until it ends, and gives its exit code and output.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string blobs, IReadOnlyDictionary<string, string?> settings)
    {
        var start = StartInfo(blobs, ServerProcess.FreePort(), ServerProcess.FreePort());
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync())
            .WaitAsync(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(output));
    }

    /// <summary>Uploads bytes in one stream.</summary>
    public async Task<long> UploadAsync(string id, long offset, ReadOnlyMemory<byte> bytes)
    {
        using var call = Client.Upload();
        await SendAsync(call.RequestStream, id, offset, bytes);
        await call.RequestStream.CompleteAsync();
        return (await call).Offset;
    }

    public static async Task SendAsync(IClientStreamWriter<UploadRequest> stream, string id, long offset, ReadOnlyMemory<byte> bytes)
    {
        const int chunkBytes = 64 * 1024;
        await stream.WriteAsync(new UploadRequest { Header = new UploadHeader { Id = id, Access = Example.Access, Offset = offset } });
        for (var sent = 0; sent < bytes.Length; sent += chunkBytes)
        {
            var chunk = ByteString.CopyFrom(bytes.Span.Slice(sent, Math.Min(chunkBytes, bytes.Length - sent)));
            await stream.WriteAsync(new UploadRequest { Chunk = chunk });
        }
    }

    public async Task<(ReadHeader Header, byte[] Bytes)> ReadAsync(ReadRequest request)
    {
        using var call = Client.Read(request);
        Assert.True(await call.ResponseStream.MoveNext(default));
        var header = call.ResponseStream.Current.Header;
        using var bytes = new MemoryStream();
        while (await call.ResponseStream.MoveNext(default))
        {
            Assert.InRange(call.ResponseStream.Current.Chunk.Length, 1, 64 * 1024);
            call.ResponseStream.Current.Chunk.WriteTo(bytes);
        }

        return (header, bytes.ToArray());
    }

    public async Task<int> HealthAsync(string path)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{_httpPort}{path}"));
        return (int)answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        _channel.Dispose();
    }

    private static ProcessStartInfo StartInfo(string blobs, int httpPort, int grpcPort) => new("dotnet")
    {
        ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Clearway.Storage.dll") },
        WorkingDirectory = AppContext.BaseDirectory,
        Environment =
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Kestrel__Endpoints__http__Url"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{httpPort}"),
            ["Kestrel__Endpoints__grpc__Url"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{grpcPort}"),
            ["ConnectionStrings__recordings"] = blobs,
            ["Logging__LogLevel__Default"] = "Error",
        },
    };

    private Process Start()
    {
        var start = StartInfo(_blobs, _httpPort, _grpcPort);
        start.Environment["RecordingLinks__Key"] = LinkKey;
        start.Environment["SystemMessages__Key"] = SystemMessageKey;
        return Process.Start(start)!;
    }

    private async Task ReadyAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            Assert.False(_process.HasExited, "The service has ended.");
            try
            {
                if (await HealthAsync("/health/ready") == 200)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(50, patience.Token);
        }
    }
}
