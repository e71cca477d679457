using System.Diagnostics;
using Clearway.LoadTest.Servers;
using Clearway.LoadTest.Wire;

namespace Clearway.LoadTest.Relay;

/// <summary>What one server reached in one window.</summary>
internal sealed record RelayFigure(double PerSecond, double ServerBusy, double ClientBusy, long Lost);

/// <summary>
/// Offers of 1.2 KB relayed between pairs of peers, the server on one core and the clients on the other, every server in every round.
/// </summary>
internal sealed class RelayCampaign(RelayCampaign.Plan plan, Report report)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(300);

    private readonly List<Contender> _contenders = [];
    private readonly Dictionary<(string Name, int Depth), List<RelayFigure>> _figures = [];

    /// <summary>How it is run.</summary>
    internal sealed record Plan(int Seed, int Rounds, TimeSpan Window, int Pairs, string? Only, bool HasPlantedFault)
    {
        internal int[] Depths { get; init; } = [1, 8];
    }

    private sealed record Contender(string Name, Running Server, Func<int, RelayWindow, RelayClient> Client);

    internal const string Ours = "Clearway";
    internal const string Limit = "bare epoll relay in C";

    /// <summary>Medians by server and by offers in flight a pair.</summary>
    internal double PerSecond(string name, int depth) =>
        _figures.TryGetValue((name, depth), out var figures) ? Report.Median(figures.Select(figure => figure.PerSecond)) : double.NaN;

    /// <summary>The best server of others, and what it reached.</summary>
    internal (string Name, double PerSecond) BestPeer(int depth) => _contenders
        .Where(contender => contender.Name is not Ours and not Limit)
        .Select(contender => (contender.Name, PerSecond: PerSecond(contender.Name, depth)))
        .DefaultIfEmpty((Name: "none", PerSecond: double.NaN))
        .MaxBy(peer => peer.PerSecond);

    internal async Task RunAsync()
    {
        await using var clearway = IsWanted(Ours) ? await StartClearwayAsync() : null;
        var started = new List<IAsyncDisposable>();
        try
        {
            await StartPeersAsync(started);
            foreach (var contender in _contenders)
            {
                await LoadThread.RunAsync(() => Measure(contender, 8, WarmUp * 5));
            }

            for (var round = 0; round < plan.Rounds; round++)
            {
                foreach (var depth in plan.Depths)
                {
                    foreach (var contender in _contenders)
                    {
                        var figure = await LoadThread.RunAsync(() => Measure(contender, depth, plan.Window));
                        Of(contender.Name, depth).Add(figure);
                    }
                }
            }
        }
        finally
        {
            foreach (var server in started)
            {
                await server.DisposeAsync();
            }
        }

        report.ExpectNoErrors(clearway?.LoggedErrors ?? []);
        Print();
    }

    private bool IsWanted(string name) => plan.Only is null || plan.Only.Split(',').Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    private async Task<ClearwayServers> StartClearwayAsync()
    {
        var clearway = await ClearwayServers.StartAsync(new Setting
        {
            Core = Machine.ServerCore,
            StoresCore = Machine.ClientCore,

            // More than two hundred frames a second from one connection are a flood, and measured here is how many there can be.
            Gateway = new Dictionary<string, string> { ["Signaling__MaxFramesPerSecond"] = "100000" },
        });
        var tokens = Enumerable.Range(0, plan.Pairs * 2)
            .Select(number => clearway.Tokens.Token(RoomTokens.Room("relay", number / 2), number)).ToArray();
        _contenders.Add(new Contender(
            Ours, clearway.Gateway, (number, window) => new ClearwayRelayClient(tokens[number]) { Number = number, Window = window }));
        return clearway;
    }

    private async Task StartPeersAsync(List<IAsyncDisposable> started)
    {
        await AddAsync("PeerServer", Peers.PeerServerAsync, (n, w) => new PeerServerRelayClient { Number = n, Window = w });
        await AddAsync("y-webrtc", Peers.YWebrtcAsync, (n, w) => new YWebrtcRelayClient { Number = n, Window = w });
        await AddAsync("socket.io", Peers.SocketIoAsync, (n, w) => new SocketIoRelayClient { Number = n, Window = w });
        await AddAsync("SignalR", Peers.SignalRAsync, (n, w) => new SignalRRelayClient { Number = n, Window = w });
        await AddAsync(Limit, Peers.LimitAsync, (n, w) => new LimitRelayClient { Number = n, Window = w });

        async Task AddAsync(string name, Func<int, Task<Running?>> start, Func<int, RelayWindow, RelayClient> client)
        {
            if (!IsWanted(name))
            {
                return;
            }

            if (await start(Machine.ServerCore) is { } server)
            {
                started.Add(server);
                _contenders.Add(new Contender(name, server, client));
            }
            else
            {
                report.Line($"  {name}: left out, for gcc is not on this machine");
            }
        }
    }

    private RelayFigure Measure(Contender contender, int depth, TimeSpan length)
    {
        var window = new RelayWindow { LoseOneIn = plan.HasPlantedFault ? 10_000 : 0 };
        using var swarm = new Swarm(plan.Seed);
        var clients = Enumerable.Range(0, plan.Pairs * 2)
            .Select(number => swarm.Connect(contender.Client(number, window), contender.Server.Port)).ToArray();
        if (!swarm.RunUntil(() => Array.TrueForAll(clients, client => client.IsReady), TimeSpan.FromSeconds(20)))
        {
            throw new InvalidOperationException($"{contender.Name} took in {clients.Count(client => client.IsReady)} of {clients.Length} clients.");
        }

        for (var number = 0; number < clients.Length; number += 2)
        {
            clients[number + 1].Start(clients[number], 0);
            clients[number].Start(clients[number + 1], depth);
        }

        swarm.RunFor(WarmUp);
        var (delivered, serverTime, waited, began) =
            (window.Delivered, contender.Server.ProcessorTime, swarm.Waited, Stopwatch.GetTimestamp());
        swarm.RunFor(length);
        var took = Stopwatch.GetElapsedTime(began);
        delivered = window.Delivered - delivered;
        var serverBusy = (contender.Server.ProcessorTime - serverTime) / took;
        var clientBusy = 1 - (swarm.Waited - waited) / took;

        window.IsRunning = false;
        swarm.RunUntil(() => window.InFlight == 0, TimeSpan.FromSeconds(3));
        return new RelayFigure(delivered / took.TotalSeconds, serverBusy, clientBusy, window.InFlight);
    }

    private List<RelayFigure> Of(string name, int depth)
    {
        if (!_figures.TryGetValue((name, depth), out var figures))
        {
            _figures[(name, depth)] = figures = [];
        }

        return figures;
    }

    private void Print()
    {
        report.Line(
            $"{plan.Pairs} pairs, offers of {Offer.Description.Length} bytes, {plan.Rounds} interleaved rounds of {plan.Window.TotalSeconds} s, "
            + $"server on core {Machine.ServerCore}, client on core {Machine.ClientCore}; medians (lowest to highest)");
        foreach (var depth in plan.Depths)
        {
            report.Line($"{depth} in flight a pair");
            foreach (var contender in _contenders)
            {
                var figures = Of(contender.Name, depth);
                var rates = figures.ConvertAll(figure => figure.PerSecond);
                var lost = figures.Sum(figure => figure.Lost);
                report.Line(
                    $"  {contender.Name,-22} {Report.Number(Report.Median(rates)),9} /s ({Report.Number(rates.Min())} to {Report.Number(rates.Max())})"
                    + $"  server busy {Report.Share(Report.Median(figures.Select(f => f.ServerBusy)))}"
                    + $", client busy {Report.Share(Report.Median(figures.Select(f => f.ClientBusy)))}, lost {lost}"
                    + $", ours is {PerSecond(Ours, depth) / Report.Median(rates):F2}x");
                report.Expect(lost == 0, $"{contender.Name} did not deliver {lost} offers");
            }
        }
    }
}
