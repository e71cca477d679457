using System.Globalization;
using System.Security.Cryptography;
using Clearway.TestServers;

namespace Clearway.LoadTest.Servers;

/// <summary>A part of the way that a recording's bytes take, which can be killed.</summary>
internal enum RecordingPart
{
    Proxy,
    Storage,
    Blobs,
    Client,
}

/// <summary>
/// The way of a recording's bytes: proxy, storage and a blob server, with Auth and its Redis beside them; each can be killed and started
/// again where it was. Everything on 127.0.0.1.
/// </summary>
internal sealed class RecordingServers : IAsyncDisposable
{
    private const string Password = "a password made for this load";

    private readonly List<IAsyncDisposable> _started = [];
    private readonly Dictionary<RecordingPart, Func<Task<Running>>> _starts = [];
    private readonly Dictionary<RecordingPart, Running> _running = [];
    private readonly TemporaryFolder _authorities = new("ca");
    private readonly AzuriteServer _blobs;

    private RecordingServers(AzuriteServer blobs) => _blobs = blobs;

    /// <summary>Where browsers go.</summary>
    internal Uri Edge { get; private set; } = null!;

    internal RoomTokens Tokens { get; private set; } = null!;

    /// <summary>Connection string of the blob server.</summary>
    internal string Blobs => _blobs.ConnectionString;

    /// <summary>Where storage takes calls.</summary>
    internal Uri StorageGrpc { get; private set; } = null!;

    internal int BlobsId => _blobs.ProcessId;

    internal Running Proxy => _running[RecordingPart.Proxy];

    internal Running Storage => _running[RecordingPart.Storage];

    /// <param name="blobs">Folder of the blob server's data; without it one of its own.</param>
    internal static async Task<RecordingServers> StartAsync(string? blobs = null)
    {
        var servers = new RecordingServers(await AzuriteServer.StartAsync(blobs));
        try
        {
            await servers.StartAllAsync();
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>kill -9.</summary>
    internal Task KillAsync(RecordingPart part) => part == RecordingPart.Blobs ? _blobs.CrashAsync() : _running[part].KillAsync();

    /// <summary>Starts what was killed.</summary>
    internal async Task StartAsync(RecordingPart part)
    {
        if (part == RecordingPart.Blobs)
        {
            await _blobs.RestartAsync();
            return;
        }

        if (_running.Remove(part, out var before))
        {
            await before.DisposeAsync();
        }

        _running[part] = await _starts[part]();
    }

    public async ValueTask DisposeAsync()
    {
        Tokens?.Dispose();
        foreach (var running in _running.Values)
        {
            await running.DisposeAsync();
        }

        _started.Reverse();
        foreach (var one in _started)
        {
            await one.DisposeAsync();
        }

        await _blobs.DisposeAsync();
        _authorities.Dispose();
    }

    private async Task StartAllAsync()
    {
        var redis = await RedisServer.StartAsync();
        _started.Add(redis);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = key.ExportPkcs8PrivateKeyPem();
        var (authGrpc, storageGrpc) = (Address(ServerProcess.FreePort()), Address(ServerProcess.FreePort()));
        var (authPort, storagePort, proxyPort) = (ServerProcess.FreePort(), ServerProcess.FreePort(), ServerProcess.FreePort());

        // In development it makes the certificate authority itself that nothing here asks for.
        var auth = await ServiceAsync("auth", "Clearway.Auth", authPort, new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Kestrel__Endpoints__grpc__Url"] = authGrpc,
            ["ConnectionStrings__redis"] = redis.ConnectionString,
            ["Auth__OrganizerPassword"] = Password,
            ["Auth__SigningKeyPem"] = pem,
            ["Auth__CaDirectory"] = Path.Combine(_authorities.Path, "ca"),
        });
        _started.Add(auth);
        var (linkKey, messageKey) = (RandomNumberGenerator.GetHexString(48), RandomNumberGenerator.GetHexString(48));
        _starts[RecordingPart.Storage] = () => ServiceAsync("storage", "Clearway.Storage", storagePort, new()
        {
            ["Kestrel__Endpoints__grpc__Url"] = storageGrpc,
            ["ConnectionStrings__recordings"] = Blobs + "ContainerName=recordings",
            ["RecordingLinks__Key"] = linkKey,
            ["SystemMessages__Key"] = messageKey,
            ["MALLOC_ARENA_MAX"] = "2", // as the AppHost starts it
        });

        // Nothing is asked of the other services.
        _starts[RecordingPart.Proxy] = () => ServiceAsync("proxy", "Clearway.Proxy", proxyPort, new()
        {
            ["ConnectionStrings__redis"] = redis.ConnectionString + ",abortConnect=false",
            ["services__signaling__http__0"] = Address(authPort),
            ["services__auth__http__0"] = Address(authPort),
            ["services__auth__grpc__0"] = authGrpc,
            ["services__chat__http__0"] = Address(authPort),
            ["services__chat__grpc__0"] = authGrpc,
            ["services__storage__http__0"] = Address(storagePort),
            ["services__storage__grpc__0"] = storageGrpc,
            ["Clearway__AllowedOrigins__0"] = "http://127.0.0.1",
        });
        await StartAsync(RecordingPart.Storage);
        await StartAsync(RecordingPart.Proxy);
        Edge = new Uri(Address(proxyPort));
        StorageGrpc = new Uri(storageGrpc);
        Tokens = await RoomTokens.AskAsync(new Uri(Address(authPort)), Password, pem);
    }

    private static Task<Running> ServiceAsync(string folder, string project, int port, Dictionary<string, string> settings)
    {
        var program = Repository.Service(folder, project);
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Kestrel__Endpoints__http__Url"] = Address(port),
            ["Logging__LogLevel__Default"] = "None",
        };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return Running.StartAsync("dotnet", ["exec", program], port, null, environment, Path.GetDirectoryName(program));
    }

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
}
