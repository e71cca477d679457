using Clearway.LoadTest.Relay;

namespace Clearway.LoadTest.Servers;

/// <summary>The servers of one comparison, all running, to be measured in turns.</summary>
/// <param name="only">Parts of names, separated by commas, of those that are wanted, or =NAME for a whole name; null for all.</param>
internal sealed class Contest(string? only) : IAsyncDisposable
{
    private const int RoomsOfARun = 1_000_000;

    private static int _runs;

    private readonly List<IAsyncDisposable> _started = [];
    private readonly List<Contender> _contenders = [];

    internal IReadOnlyList<Contender> Contenders => _contenders;

    /// <summary>Errors that Clearway's services logged.</summary>
    internal IEnumerable<string> LoggedErrors => _started.OfType<ClearwayServers>().SelectMany(servers => servers.LoggedErrors);

    /// <summary>Starts Clearway; its clients are participants of rooms of some size.</summary>
    internal async Task<ClearwayServers?> AddClearwayAsync(
        Setting setting, int clients, int roomSize, string room, string name = Contender.Clearway, Func<int, string, string>? token = null)
    {
        if (!IsWanted(name))
        {
            return null;
        }

        var servers = await ClearwayServers.StartAsync(setting);
        _started.Add(servers);

        // Rooms that no earlier run of this process has been in: over a shared backend their history would be told to newcomers.
        var first = Interlocked.Increment(ref _runs) * RoomsOfARun;
        var tokens = Enumerable.Range(0, clients)
            .Select(number => servers.Tokens.Token(RoomTokens.Room(room, first + number / roomSize), number)).ToArray();
        if (token is not null)
        {
            tokens = [.. tokens.Select((good, number) => token(number, good))];
        }

        var ports = servers.Edge is { } edge ? [edge.Port] : servers.Nodes.Select(node => node.Port).ToArray();
        _contenders.Add(new Contender(
            name, ports, servers.Nodes, (number, sink) => new ClearwayClient(tokens[number]) { Number = number, Sink = sink }));
        return servers;
    }

    /// <summary>Starts another server.</summary>
    internal async Task AddAsync(string name, Func<int?, Task<Running?>> start, Func<int, ITextSink?, RelayClient> client, int? core)
    {
        if (!IsWanted(name))
        {
            return;
        }

        if (await start(core) is { } server)
        {
            _started.Add(server);
            _contenders.Add(Contender.Of(name, server, client));
        }
        else
        {
            Console.WriteLine($"  {name}: left out, for gcc is not on this machine");
        }
    }

    internal Task AddPeerServerAsync(int? core) =>
        AddAsync("PeerServer", Peers.PeerServerAsync, (n, sink) => new PeerServerClient { Number = n, Sink = sink }, core);

    internal Task AddYWebrtcAsync(int? core) =>
        AddAsync("y-webrtc", Peers.YWebrtcAsync, (n, sink) => new YWebrtcClient { Number = n, Sink = sink }, core);

    internal Task AddSocketIoAsync(int? core) =>
        AddAsync("socket.io", Peers.SocketIoAsync, (n, sink) => new SocketIoClient { Number = n, Sink = sink }, core);

    internal Task AddSignalRAsync(int? core) =>
        AddAsync("SignalR", Peers.SignalRAsync, (n, sink) => new SignalRClient { Number = n, Sink = sink }, core);

    internal Task AddLimitAsync(int? core) =>
        AddAsync(Contender.Limit, Peers.LimitAsync, (n, sink) => new LimitClient { Number = n, Sink = sink }, core);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _started)
        {
            await server.DisposeAsync();
        }
    }

    private bool IsWanted(string name) =>
        only is null || only.Split(',').Any(part => part.StartsWith('=')
            ? name.Equals(part[1..], StringComparison.OrdinalIgnoreCase)
            : name.Contains(part, StringComparison.OrdinalIgnoreCase));
}
