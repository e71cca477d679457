using System.CommandLine;
using Clearway.LoadTest.Campaigns;
using Clearway.LoadTest.Fuzz;
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
        Command[] campaigns =
        [
            RelayCommand(), LatencyCommand(), IdleCommand(), JoinsCommand(), FanoutCommand(), ChurnCommand(), CapacityCommand(), KillCommand(),
            FuzzCommand(), SlowReaderCommand(), FiguresCommand(),
            RecordingsCommand(), UploadsCommand(), RangesCommand(), FullDiskCommand(), ChatLinesCommand(), OutageCommand(), HistoryPagesCommand(),
            PredictionsCommand(),
            ServeCommand(),
        ];
        foreach (var campaign in campaigns)
        {
            command.Subcommands.Add(campaign);
        }

        return command.Parse(arguments).InvokeAsync();
    }

    private static Command RelayCommand()
    {
        var (rounds, window, only) = (Count("--rounds", 5, "Interleaved rounds."), Window(1000), Only());
        var pairs = Count("--pairs", 100, "Pairs of peers.");
        var depths = new Option<int[]>("--in-flight") { DefaultValueFactory = _ => [1, 8], Description = "Offers in flight a pair." };
        return Campaign(
            new Command("relay", "Offers of 1.2 KB between pairs, beside PeerServer, y-webrtc, socket.io, SignalR and a relay in C.")
            {
                rounds, window, only, pairs, depths,
            },
            (parsed, seed, fault, report) => RelayCampaign.RunAsync(
                new RelayCampaign.Plan(seed, parsed.GetValue(rounds), Length(parsed, window), parsed.GetValue(pairs), parsed.GetValue(only), fault)
                {
                    Depths = parsed.GetValue(depths) ?? [1, 8],
                },
                report));
    }

    private static Command LatencyCommand()
    {
        var (rounds, window, only) = (Count("--rounds", 3, "Interleaved rounds."), Window(5000), Only());
        var connections = Count("--connections", 5000, "Connections, ten in each room.");
        var rate = Count("--rate", 10_000, "Messages a second.");
        return Campaign(
            new Command("latency", "How late offers come at a rate that does not yield: at the gateway, through the edge, across two nodes, at the peers.")
            {
                rounds, window, only, connections, rate,
            },
            (parsed, seed, fault, report) => LatencyCampaign.RunAsync(
                new LatencyCampaign.Plan(
                    seed,
                    parsed.GetValue(rounds),
                    Length(parsed, window),
                    parsed.GetValue(connections),
                    parsed.GetValue(rate),
                    parsed.GetValue(only),
                    fault),
                report));
    }

    private static Command IdleCommand()
    {
        var (rounds, settle, only) = (Count("--rounds", 3, "Rounds."), Count("--settle-ms", 8000, "Rest before memory is read."), Only());
        var connections = Count("--connections", 5000, "Idle connections.");
        return Campaign(
            new Command("idle", "Resident memory of an idle connection, beside npm ws, PeerServer, socket.io, SignalR and a plain Kestrel loop.")
            {
                rounds, settle, only, connections,
            },
            (parsed, seed, fault, report) => IdleCampaign.RunAsync(
                new IdleCampaign.Plan(
                    seed, parsed.GetValue(rounds), parsed.GetValue(connections), Length(parsed, settle), parsed.GetValue(only), fault),
                report));
    }

    private static Command JoinsCommand()
    {
        var (rounds, window, only) = (Count("--rounds", 5, "Interleaved rounds."), Window(3000), Only());
        var rate = Count("--rate", 1000, "Joins a second.");
        return Campaign(
            new Command("joins", "How late joins are at a rate that does not yield, beside PeerServer and socket.io.") { rounds, window, only, rate },
            (parsed, seed, fault, report) => JoinsCampaign.RunAsync(
                new JoinsCampaign.Plan(seed, parsed.GetValue(rounds), Length(parsed, window), parsed.GetValue(rate), parsed.GetValue(only), fault),
                report));
    }

    private static Command FanoutCommand()
    {
        var (rounds, window, only) = (Count("--rounds", 5, "Interleaved rounds."), Window(2000), Only());
        var size = Count("--room", 100, "Participants of the room.");
        return Campaign(
            new Command("fanout", "Lines of chat in a full room, beside socket.io and SignalR groups.") { rounds, window, only, size },
            (parsed, seed, fault, report) => FanoutCampaign.RunAsync(
                new FanoutCampaign.Plan(seed, parsed.GetValue(rounds), Length(parsed, window), parsed.GetValue(size), parsed.GetValue(only), fault),
                report));
    }

    private static Command ChurnCommand()
    {
        var seconds = Count("--seconds", 120, "How long.");
        var rate = Count("--rate", 200, "Joins, and as many leaves, a second.");
        return Campaign(
            new Command("churn", "Joins and leaves; afterwards connections, rooms and timers are what they were.") { seconds, rate },
            (parsed, seed, fault, report) => ChurnCampaign.RunAsync(
                new ChurnCampaign.Plan(seed, parsed.GetValue(rate), TimeSpan.FromSeconds(parsed.GetValue(seconds)), fault), report));
    }

    private static Command CapacityCommand()
    {
        var (rounds, joiners) = (Count("--rounds", 100, "Races."), Count("--joiners", 1000, "Joins in each, at once."));
        return Campaign(
            new Command("capacity", "A room of 100 and many more who join it at once over two nodes: exactly 100 are let in.") { rounds, joiners },
            (parsed, seed, fault, report) => CapacityCampaign.RunAsync(
                new CapacityCampaign.Plan(seed, parsed.GetValue(rounds), parsed.GetValue(joiners), Capacity: 100, fault), report));
    }

    private static Command KillCommand()
    {
        var (kills, participants) = (Count("--kills", 3, "Nodes killed, one after the other."), Count("--participants", 1000, "On two nodes."));
        return Campaign(
            new Command("kill", "kill -9 of a node under load: its sessions go on at the other one within 5 s.") { kills, participants },
            (parsed, seed, fault, report) => KillCampaign.RunAsync(
                new KillCampaign.Plan(seed, parsed.GetValue(kills), parsed.GetValue(participants), fault), report));
    }

    private static Command FuzzCommand()
    {
        var (frames, attackers) = (Count("--frames", 500_000, "Changed frames."), Count("--attackers", 32, "Connections at a time."));
        return Campaign(
            new Command("fuzz", "Changed frames while others talk: no crash, no hang, nothing in a wrong room, no error logged.") { frames, attackers },
            (parsed, seed, fault, report) => FuzzCampaign.RunAsync(
                new FuzzCampaign.Plan(seed, parsed.GetValue(frames), parsed.GetValue(attackers), fault), report));
    }

    private static Command SlowReaderCommand()
    {
        var readers = Count("--readers", 60, "Who stop reading.");
        return Campaign(
            new Command("slow-reader", "Who does not read costs 256 KiB at most, is closed within 10 s, and nobody else notices.") { readers },
            (parsed, seed, fault, report) => SlowReaderCampaign.RunAsync(
                new SlowReaderCampaign.Plan(seed, parsed.GetValue(readers), fault), report));
    }

    private static Command ChatLinesCommand()
    {
        var (rounds, window) = (Count("--rounds", 5, "Interleaved rounds."), Window(3000));
        var (rate, rooms) = (Count("--rate", 20_000, "Lines a second."), Count("--rooms", 500, "Rooms in which they are said."));
        var steady = Count("--steady-ms", 3000, "How long they are said at that rate in each round.");
        return Campaign(
            new Command("chat-lines", "Lines into the chat history, beside single inserts and COPY.") { rounds, window, rate, rooms, steady },
            (parsed, seed, fault, report) => ChatLinesCampaign.RunAsync(
                new ChatLinesCampaign.Plan(
                    seed,
                    parsed.GetValue(rounds),
                    Length(parsed, window),
                    TimeSpan.FromMilliseconds(parsed.GetValue(steady)),
                    parsed.GetValue(rate),
                    parsed.GetValue(rooms),
                    fault),
                report));
    }

    private static Command OutageCommand()
    {
        var (rooms, rate) = (Count("--rooms", 50, "Rooms of four."), Count("--rate", 400, "Lines a second."));
        var (seconds, capacity) = (Count("--seconds", 30, "How long the database is away."), Count("--capacity", 6_000, "Lines that may wait in the gateway."));
        return Campaign(
            new Command("outage", "The database away under a load of chat: rooms talk on, the queue is bounded, nothing that was seen is lost.") { rooms, rate, seconds, capacity },
            (parsed, seed, fault, report) => OutageCampaign.RunAsync(
                new OutageCampaign.Plan(
                    seed, parsed.GetValue(rooms), parsed.GetValue(rate), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(capacity), fault),
                report));
    }

    private static Command HistoryPagesCommand()
    {
        var (rounds, window) = (Count("--rounds", 5, "Interleaved rounds."), Window(2000));
        var (rooms, callers) = (Count("--rooms", 200, "Rooms."), Count("--callers", 16, "Who ask at a time."));
        return Campaign(
            new Command("history-pages", "The newest page of a room's chat as each join reads it, beside the bare query.") { rounds, window, rooms, callers },
            (parsed, _, fault, report) => HistoryPagesCampaign.RunAsync(
                new HistoryPagesCampaign.Plan(
                    parsed.GetValue(rounds), Length(parsed, window), parsed.GetValue(rooms), parsed.GetValue(callers), fault),
                report));
    }

    private static Command PredictionsCommand()
    {
        var (rounds, window, rate) = (Count("--rounds", 5, "Rounds."), Window(3000), Count("--rate", 200, "Keystrokes a second."));
        return Campaign(
            new Command("predictions", "How late suggestions come through the edge, at a rate that does not yield.") { rounds, window, rate },
            (parsed, _, fault, report) => PredictionsCampaign.RunAsync(
                new PredictionsCampaign.Plan(parsed.GetValue(rounds), Length(parsed, window), parsed.GetValue(rate), fault), report));
    }

    private static Command FiguresCommand() => Campaign(
        new Command("figures", "All figures of docs/performance.md that have peers, in one table, in under twelve minutes."),
        async (_, seed, fault, report) =>
        {
            await RelayCampaign.RunAsync(new RelayCampaign.Plan(seed, 5, TimeSpan.FromSeconds(1), 100, null, fault), report);
            await LatencyCampaign.RunAsync(new LatencyCampaign.Plan(seed, 3, TimeSpan.FromSeconds(3), 5000, 10_000, null, fault), report);
            await IdleCampaign.RunAsync(new IdleCampaign.Plan(seed, 1, 5000, TimeSpan.FromSeconds(8), null, fault), report);
            await JoinsCampaign.RunAsync(new JoinsCampaign.Plan(seed, 3, TimeSpan.FromSeconds(3), 1000, null, fault), report);
            await FanoutCampaign.RunAsync(new FanoutCampaign.Plan(seed, 5, TimeSpan.FromSeconds(1), 100, null, fault), report);
            report.Line($"\n{Figure.Heading}\n{string.Join('\n', report.Figures)}\n");
        });

    private static Command RecordingsCommand()
    {
        var cuts = Count("--cuts", 60, "Kills and cut connections.");
        return Campaign(
            new Command("recordings", "A recording that is uploaded while proxy, storage and blob server are killed and its connection is cut.") { cuts },
            (parsed, seed, fault, report) =>
                RecordingsCampaign.RunAsync(new RecordingsCampaign.Plan(seed, parsed.GetValue(cuts), fault), report));
    }

    private static Command UploadsCommand()
    {
        var (rounds, size, total) = (
            Count("--rounds", 5, "Interleaved rounds."),
            Count("--size", 128, "MiB of one upload."),
            Count("--long", 2048, "MiB of the long upload, over which memory is watched."));
        return Campaign(
            new Command("uploads", "Uploads beside @tus/server and a plain Kestrel POST to a file, and memory over a long one.") { rounds, size, total },
            (parsed, seed, fault, report) => UploadsCampaign.RunAsync(
                new UploadsCampaign.Plan(seed, parsed.GetValue(rounds), parsed.GetValue(size), parsed.GetValue(total), fault), report));
    }

    private static Command RangesCommand()
    {
        var (rounds, size, requests, parallel) = (
            Count("--rounds", 5, "Interleaved rounds."),
            Count("--size", 64, "MiB of the file."),
            Count("--requests", 400, "Ranges of 4 MiB in one server's turn; four times as many of 64 KiB."),
            Count("--parallel", 1000, "Ranges at once while memory is watched."));
        return Campaign(
            new Command("ranges", "Downloads beside nginx over the same file: answers to a table of ranges, rate and memory.") { rounds, size, requests, parallel },
            (parsed, seed, fault, report) => RangesCampaign.RunAsync(
                new RangesCampaign.Plan(seed, parsed.GetValue(rounds), parsed.GetValue(size), parsed.GetValue(requests), parsed.GetValue(parallel), fault), report));
    }

    private static Command FullDiskCommand()
    {
        var disk = Count("--disk", 64, "MiB of the disk.");
        return Campaign(
            new Command("full-disk", "A recording that is uploaded until the blob server's disk is full, and on when there is room again.") { disk },
            (parsed, seed, fault, report) => FullDiskCampaign.RunAsync(new FullDiskCampaign.Plan(seed, parsed.GetValue(disk), fault), report));
    }

    private static Command Campaign(Command command, Func<ParseResult, int, bool, Report, Task> run)
    {
        command.SetAction(async parsed =>
        {
            ClearwayServers.MoreSettings = Settings(parsed.GetValue(_gateway));
            var (seed, fault) = (parsed.GetValue(_seed), parsed.GetValue(_plantFault));
            var report = new Report(command.Name, seed, fault);
            await run(parsed, seed, fault, report);
            return report.Verdict();
        });
        return command;
    }

    private static Command ServeCommand()
    {
        var peer = new Argument<string>("peer").AcceptOnlyFromAmong("signalr", "plain", "filepost");
        var port = new Argument<int>("port");
        var file = new Argument<string>("file") { Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("serve", "Is one of the peers; the campaigns start it.") { peer, port, file };
        command.Hidden = true;
        command.SetAction(parsed => parsed.GetValue(peer) switch
        {
            "plain" => AspNetPeers.ServePlainAsync(parsed.GetValue(port)),
            "filepost" => FilePost.ServeAsync(parsed.GetValue(port), parsed.GetValue(file)!),
            _ => AspNetPeers.ServeSignalRAsync(parsed.GetValue(port)),
        });
        return command;
    }

    private static Dictionary<string, string> Settings(string[]? settings) => (settings ?? [])
        .Select(setting => setting.Split('=', 2))
        .ToDictionary(setting => setting[0], setting => setting.Length == 2 ? setting[1] : "");

    private static Option<string?> Only() =>
        new("--only") { Description = "Only servers whose name contains one of these, separated by commas." };

    private static Option<int> Window(int usual) => Count("--window-ms", usual, "Length of one server's turn.");

    private static TimeSpan Length(ParseResult parsed, Option<int> milliseconds) => TimeSpan.FromMilliseconds(parsed.GetValue(milliseconds));

    private static Option<int> Count(string name, int usual, string description) =>
        new(name) { DefaultValueFactory = _ => usual, Description = description };
}
