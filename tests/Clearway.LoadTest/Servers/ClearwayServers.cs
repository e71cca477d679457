using System.Globalization;
using System.Security.Cryptography;
using Clearway.TestServers;

namespace Clearway.LoadTest.Servers;

/// <summary>How the product is started for one campaign.</summary>
internal sealed record Setting
{
    /// <summary>Nodes of the gateway.</summary>
    internal int Nodes { get; init; } = 1;

    /// <summary>Whether the proxy is started in front of them.</summary>
    internal bool HasEdge { get; init; }

    /// <summary>The core of the gateway's nodes and of the proxy; null for any.</summary>
    internal int? Core { get; init; }

    /// <summary>The core of everything behind the gateway.</summary>
    internal int? StoresCore { get; init; }

    /// <summary>Settings of the gateway beside the necessary ones, as environment variables.</summary>
    internal IReadOnlyDictionary<string, string> Gateway { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// The product's own processes as operators run them, outside development: gateway nodes, Auth and Chat with a Redis and a PostgreSQL of
/// their own, on request the proxy. Everything on 127.0.0.1.
/// </summary>
internal sealed class ClearwayServers : IAsyncDisposable
{
    private const string Password = "a password made for this load";

    private readonly Setting _setting;
    private readonly List<IAsyncDisposable> _started = [];
    private readonly List<Running> _nodes = [];
    private readonly Dictionary<string, string> _gateway = [];

    private ClearwayServers(Setting setting) => _setting = setting;

    /// <summary>Settings of the gateway that whoever runs the program asks for, as environment variables.</summary>
    internal static IReadOnlyDictionary<string, string> MoreSettings { get; set; } = new Dictionary<string, string>();

    internal IReadOnlyList<Running> Nodes => _nodes;

    internal Running Gateway => _nodes[0];

    internal Running? Edge { get; private set; }

    internal RoomTokens Tokens { get; private set; } = null!;

    /// <summary>Errors that any of the services logged.</summary>
    internal IEnumerable<string> LoggedErrors =>
        _started.OfType<Running>().SelectMany(running => running.LoggedErrors);

    internal static async Task<ClearwayServers> StartAsync(Setting setting)
    {
        var servers = new ClearwayServers(setting);
        try
        {
            await servers.StartAsync();
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more node of the gateway.</summary>
    internal async Task<Running> StartNodeAsync()
    {
        var node = await ServiceAsync("signaling", "Clearway.Signaling", _setting.Core, _gateway);
        _nodes.Add(node);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        Tokens?.Dispose();
        _started.Reverse();
        foreach (var one in _started)
        {
            await one.DisposeAsync();
        }
    }

    private async Task StartAsync()
    {
        var redis = Keep(await RedisServer.StartAsync());
        var postgres = Keep(await PostgresServer.StartAsync());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = key.ExportPkcs8PrivateKeyPem();
        var systemMessageKey = RandomNumberGenerator.GetHexString(48);

        var authGrpc = Address(ServerProcess.FreePort());
        var auth = await ServiceAsync("auth", "Clearway.Auth", _setting.StoresCore, new()
        {
            ["Kestrel__Endpoints__grpc__Url"] = authGrpc,
            ["ConnectionStrings__redis"] = redis.ConnectionString,
            ["Auth__OrganizerPassword"] = Password,
            ["Auth__SigningKeyPem"] = pem,
        });
        var chatGrpc = Address(ServerProcess.FreePort());

        // A database that exists already; and fewer connections than the server takes, however many join at once.
        var chat = await ServiceAsync("chat", "Clearway.Chat", _setting.StoresCore, new()
        {
            ["Kestrel__Endpoints__grpc__Url"] = chatGrpc,
            ["ConnectionStrings__clearwaydb"] = postgres.ConnectionString("postgres") + ";Maximum Pool Size=40",
        });

        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["ConnectionStrings__redis"] = redis.ConnectionString + ",abortConnect=false",
            ["services__auth__grpc__0"] = authGrpc,
            ["services__chat__grpc__0"] = chatGrpc,
            ["SystemMessages__Key"] = systemMessageKey,
            ["Clearway__AllowedOrigins__0"] = "http://127.0.0.1",
        }.Concat(_setting.Gateway).Concat(MoreSettings))
        {
            _gateway[name] = value;
        }

        for (var i = 0; i < _setting.Nodes; i++)
        {
            await StartNodeAsync();
        }

        if (_setting.HasEdge)
        {
            Edge = await ServiceAsync("proxy", "Clearway.Proxy", _setting.Core, new()
            {
                ["ConnectionStrings__redis"] = redis.ConnectionString + ",abortConnect=false",
                ["services__signaling__http__0"] = Address(Gateway.Port),
                ["services__auth__http__0"] = Address(auth.Port),
                ["services__auth__grpc__0"] = authGrpc,
                ["services__chat__grpc__0"] = chatGrpc,
                ["services__chat__http__0"] = Address(chat.Port),
                ["services__storage__grpc__0"] = chatGrpc, // nothing of it is asked for
                ["services__storage__http__0"] = Address(chat.Port),
                ["Clearway__AllowedOrigins__0"] = "http://127.0.0.1",
            });
        }

        Tokens = await RoomTokens.AskAsync(new Uri(Address(auth.Port)), Password, pem);
    }

    private async Task<Running> ServiceAsync(string folder, string project, int? core, Dictionary<string, string> settings)
    {
        var program = Repository.Service(folder, project);
        var port = ServerProcess.FreePort();
        var environment = new Dictionary<string, string>(settings)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Kestrel__Endpoints__http__Url"] = Address(port),
            // One line for each join and leave would be measured as well, and through this program's own pipe.
            ["Logging__LogLevel__Default"] = "Warning",
        };
        var service = Keep(await Running.StartAsync(
            "dotnet", ["exec", program], port, core, environment, Path.GetDirectoryName(program)));
        await ReadyAsync(folder, service);
        return service;
    }

    /// <summary>Waits until a service says that it, and all that it depends on, is ready.</summary>
    private static async Task ReadyAsync(string name, Running service)
    {
        using var http = new HttpClient();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var readiness = new Uri(Address(service.Port) + "/health/ready");
        var last = "";
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(readiness, patience.Token);
                if (answer.IsSuccessStatusCode || name == "proxy")
                {
                    return;
                }

                last = await answer.Content.ReadAsStringAsync(patience.Token);
                await Task.Delay(50, patience.Token);
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                throw new InvalidOperationException($"{name} does not become ready: {last}\n{service.Output}", exception);
            }
        }
    }

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    private T Keep<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Add(started);
        return started;
    }
}
