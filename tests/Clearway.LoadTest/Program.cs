using System.CommandLine;
using Clearway.LoadTest.Relay;
using Clearway.LoadTest.Servers;

namespace Clearway.LoadTest;

/// <summary>Campaigns of load against the real services, each with counts and a verdict: exit code 0 when it is good.</summary>
internal static class Program
{
    private static readonly Option<int> _seed = new("--seed")
    {
        DefaultValueFactory = _ => 20_26,
        Description = "Makes what is random.",
        Recursive = true,
    };

    private static readonly Option<bool> _plantFault = new("--plant-fault")
    {
        Description = "Plants a fault that the campaign must find: the verdict must be FAILED.",
        Recursive = true,
    };

    private static readonly Option<string[]> _gateway = new("--gateway")
    {
        Description = "NAME=VALUE, an environment variable of the gateway's nodes beside those that the campaign sets.",
        Recursive = true,
    };

    private static Task<int> Main(string[] arguments)
    {
        var command = new RootCommand("Load on Clearway's gateway, beside other servers and limits.") { _seed, _plantFault, _gateway };
        command.Subcommands.Add(RelayCommand());
        command.Subcommands.Add(ServeCommand());
        return command.Parse(arguments).InvokeAsync();
    }

    private static Command RelayCommand()
    {
        var rounds = Count("--rounds", 5, "Interleaved rounds.");
        var milliseconds = Count("--window-ms", 1000, "Length of one server's turn.");
        var pairs = Count("--pairs", 100, "Pairs of peers.");
        var only = new Option<string?>("--only") { Description = "Only servers whose name contains one of these, separated by commas." };
        var command = new Command("relay", "Offers of 1.2 KB between pairs, beside PeerServer, y-webrtc, socket.io, SignalR and a relay in C.")
        {
            rounds, milliseconds, pairs, only,
        };
        command.SetAction(async parsed =>
        {
            var seed = parsed.GetValue(_seed);
            var hasPlantedFault = parsed.GetValue(_plantFault);
            var report = new Report("relay", seed, hasPlantedFault);
            ClearwayServers.MoreSettings = Settings(parsed.GetValue(_gateway));
            var plan = new RelayCampaign.Plan(
                seed,
                parsed.GetValue(rounds),
                TimeSpan.FromMilliseconds(parsed.GetValue(milliseconds)),
                parsed.GetValue(pairs),
                parsed.GetValue(only),
                hasPlantedFault);
            await new RelayCampaign(plan, report).RunAsync();
            return report.Verdict();
        });
        return command;
    }

    private static Command ServeCommand()
    {
        var peer = new Argument<string>("peer").AcceptOnlyFromAmong("signalr", "plain");
        var port = new Argument<int>("port");
        var command = new Command("serve", "Is one of the peers; the campaigns start it.") { peer, port };
        command.Hidden = true;
        command.SetAction(parsed => parsed.GetValue(peer) == "plain"
            ? AspNetPeers.ServePlainAsync(parsed.GetValue(port))
            : AspNetPeers.ServeSignalRAsync(parsed.GetValue(port)));
        return command;
    }

    private static Dictionary<string, string> Settings(string[]? settings) => (settings ?? [])
        .Select(setting => setting.Split('=', 2))
        .ToDictionary(setting => setting[0], setting => setting.Length == 2 ? setting[1] : "");

    private static Option<int> Count(string name, int usual, string description) =>
        new(name) { DefaultValueFactory = _ => usual, Description = description };
}
