namespace Clearway.LoadTest.Servers;

/// <summary>
/// The product's own processes as operators run them, outside development: gateway nodes and on request the proxy, over a
/// <see cref="Backend"/>. Everything on 127.0.0.1.
/// </summary>
internal sealed class ClearwayServers : IAsyncDisposable
{
    private readonly Setting _setting;
    private readonly Backend _backend;
    private readonly List<Running> _started = [];
    private readonly List<Running> _nodes = [];

    private ClearwayServers(Setting setting, Backend backend) => (_setting, _backend) = (setting, backend);

    /// <summary>Settings of the gateway that whoever runs the program asks for, as environment variables.</summary>
    internal static IReadOnlyDictionary<string, string> MoreSettings { get; set; } = new Dictionary<string, string>();

    internal IReadOnlyList<Running> Nodes => _nodes;

    internal Running Gateway => _nodes[0];

    internal Running? Edge { get; private set; }

    internal RoomTokens Tokens => _backend.Tokens;

    /// <summary>Errors that any of the services logged.</summary>
    internal IEnumerable<string> LoggedErrors => _backend.LoggedErrors.Concat(_started.SelectMany(running => running.LoggedErrors));

    /// <param name="setting">How they are started.</param>
    /// <param name="backend">What stands behind them, and ends with them; without it the shared one, or one that is started.</param>
    internal static async Task<ClearwayServers> StartAsync(Setting setting, Backend? backend = null)
    {
        var servers = new ClearwayServers(setting, backend ?? Backend.Shared ?? await Backend.StartAsync(setting.StoresCore));
        try
        {
            for (var i = 0; i < setting.Nodes; i++)
            {
                await servers.StartNodeAsync();
            }

            if (setting.HasEdge)
            {
                servers.Edge = await servers.StartEdgeAsync();
            }

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
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__redis"] = _backend.Redis,
            ["services__auth__grpc__0"] = _backend.AuthGrpc,
            ["services__chat__grpc__0"] = _backend.ChatGrpc,

            // Nobody records, and the gateway wants an address.
            ["services__storage__grpc__0"] = _backend.ChatGrpc,
            ["SystemMessages__Key"] = _backend.SystemMessageKey,
            ["Clearway__AllowedOrigins__0"] = "http://127.0.0.1",
            ["DOTNET_GCgen0size"] = "0x600000", // as the AppHost starts it
        };
        foreach (var (name, value) in _setting.Gateway.Concat(MoreSettings))
        {
            environment[name] = value;
        }

        // Two servers do not fit on one core at the rates of the campaigns: what comes beside the first takes what it finds.
        var node = await Service.StartAsync("signaling", "Clearway.Signaling", _nodes.Count == 0 ? _setting.Core : null, environment);
        _started.Add(node);
        _nodes.Add(node);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var running in _started.AsEnumerable().Reverse())
        {
            await running.DisposeAsync();
        }

        if (_backend != Backend.Shared)
        {
            await _backend.DisposeAsync();
        }
    }

    private async Task<Running> StartEdgeAsync()
    {
        var edge = await Service.StartAsync("proxy", "Clearway.Proxy", core: null, new Dictionary<string, string>
        {
            ["ConnectionStrings__redis"] = _backend.Redis,
            ["services__signaling__http__0"] = Service.Address(Gateway.Port),
            ["services__auth__http__0"] = _backend.AuthHttp,
            ["services__auth__grpc__0"] = _backend.AuthGrpc,
            ["services__chat__http__0"] = _backend.ChatHttp,
            ["services__chat__grpc__0"] = _backend.ChatGrpc,

            // Nothing is asked of storage, and the proxy wants an address.
            ["services__storage__http__0"] = _backend.ChatHttp,
            ["services__storage__grpc__0"] = _backend.ChatGrpc,
            ["Clearway__AllowedOrigins__0"] = "http://127.0.0.1",

            // Everybody is one address and one tenant here.
            ["RequestLimits__RequestsPerMinute"] = "1000000",
            ["RequestLimits__TenantRequestsPerMinute"] = "1000000",
        });
        _started.Add(edge);
        return edge;
    }
}
