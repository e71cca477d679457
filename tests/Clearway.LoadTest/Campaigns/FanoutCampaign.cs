using System.Diagnostics;
using Clearway.LoadTest.Relay;
using Clearway.LoadTest.Servers;
using Clearway.LoadTest.Wire;

namespace Clearway.LoadTest.Campaigns;

/// <summary>
/// Lines of chat in a full room: everybody says the next line as soon as the own last one came back, and everybody gets everyone's. The
/// server has one core, the clients the other.
/// </summary>
internal static class FanoutCampaign
{
    private static readonly TimeSpan _warmUp = TimeSpan.FromMilliseconds(500);

    // The compilers of all servers settle in this time.
    private static readonly TimeSpan _firstWarmUp = TimeSpan.FromSeconds(8);

    /// <summary>How it is run.</summary>
    internal sealed record Plan(int Seed, int Rounds, TimeSpan Window, int RoomSize, string? Only, bool HasPlantedFault)
    {
        /// <summary>Of how many texts the receiver loses one, where the fault is planted.</summary>
        internal int LoseOneIn { get; init; } = 10_000;
    }

    private sealed record Sample(double PerSecond, double ServerBusy, double ClientBusy, SequenceAudit Audit);

    internal static async Task RunAsync(Plan plan, Report report)
    {
        await using var contest = new Contest(plan.Only);
        await contest.AddClearwayAsync(
            new Setting
            {
                Core = Machine.ServerCore,
                StoresCore = Machine.ClientCore,

                // One line in 300 ms, as people are allowed, would measure that rule.
                Gateway = new Dictionary<string, string>
                {
                    ["Signaling__ChatInterval"] = "00:00:00",
                    ["Signaling__MaxFramesPerSecond"] = "100000",
                    ["Signaling__ArchiveCapacity"] = "1000000",
                },
            },
            clients: plan.RoomSize * (plan.Rounds + 1),
            plan.RoomSize,
            "chat");
        await contest.AddAsync(
            "socket.io",
            Peers.SocketIoAsync,
            (n, sink) => new SocketIoClient(Room(n / plan.RoomSize)) { Number = n, Sink = sink },
            Machine.ServerCore);
        await contest.AddAsync(
            "SignalR",
            Peers.SignalRAsync,
            (n, sink) => new SignalRClient(Room(n / plan.RoomSize)) { Number = n, Sink = sink },
            Machine.ServerCore);

        var samples = contest.Contenders.ToDictionary(contender => contender.Name, _ => new List<Sample>());
        for (var round = 0; round <= plan.Rounds; round++)
        {
            foreach (var contender in contest.Contenders)
            {
                var window = round > 0 ? plan.Window : plan.Window * 8 > _firstWarmUp ? _firstWarmUp : plan.Window * 8;
                var sample = await LoadThread.RunAsync(() => Measure(plan, window, contender, round));
                if (round > 0)
                {
                    samples[contender.Name].Add(sample);
                }
            }
        }

        report.Line(
            $"a room of {plan.RoomSize}, all of them talking, {plan.Rounds} interleaved rounds of {plan.Window.TotalSeconds} s after one to warm up; medians "
            + "(lowest to highest); the gateway runs without its limit of one line in 300 ms");
        foreach (var (name, runs) in samples)
        {
            var rates = runs.ConvertAll(run => run.PerSecond);
            report.Line(
                $"  {name,-22} {Report.Number(Report.Median(rates)),9} deliveries/s ({Report.Number(rates.Min())} to {Report.Number(rates.Max())})"
                + $"  server busy {Report.Share(Report.Median(runs.Select(run => run.ServerBusy)))}, "
                + $"client busy {Report.Share(Report.Median(runs.Select(run => run.ClientBusy)))}");
            foreach (var run in runs)
            {
                report.Line($"    {run.Audit}");
                report.Expect(run.Audit.IsClean, $"{name}: {run.Audit}");
            }
        }

        report.ExpectNoErrors(contest.LoggedErrors);
        report.Figure(new Figure(
            $"chat in a room of {plan.RoomSize}",
            "deliveries/s",
            IsMoreBetter: true,
            "3x socket.io, 2x SignalR",
            samples.ToDictionary(sample => sample.Key, sample => Report.Median(sample.Value.Select(run => run.PerSecond)))));
    }

    private static string Room(int number) => $"room{number}";

    private static Sample Measure(Plan plan, TimeSpan window, Contender contender, int round)
    {
        // A room of its own each round: nothing of an earlier one is left in its history.
        var talk = new Talk(plan, round);
        using var swarm = new Swarm(plan.Seed);
        var clients = talk.Enter(swarm, contender);
        talk.Start();
        swarm.RunFor(_warmUp);
        var server = contender.Processes[0];
        var (received, serverTime, waited, began) = (talk.Audit.Received, server.ProcessorTime, swarm.Waited, Stopwatch.GetTimestamp());
        swarm.RunFor(window);
        var took = Stopwatch.GetElapsedTime(began);
        received = talk.Audit.Received - received;
        var (serverBusy, clientBusy) = ((server.ProcessorTime - serverTime) / took, 1 - (swarm.Waited - waited) / took);
        talk.End();
        swarm.RunUntil(() => talk.Audit.Lost == 0, TimeSpan.FromSeconds(5));
        Contender.Leave(swarm, clients);
        return new Sample(received / took.TotalSeconds, serverBusy, clientBusy, talk.Audit);
    }

    private sealed class Talk(Plan plan, int round) : ITextSink
    {
        private readonly int[] _everyone = [.. Enumerable.Range(round * plan.RoomSize, plan.RoomSize)];
        private RelayClient[] _clients = [];
        private bool _isEnding;

        internal SequenceAudit Audit { get; } = new(number => number / plan.RoomSize, plan.HasPlantedFault ? plan.LoseOneIn : 0);

        internal RelayClient[] Enter(Swarm swarm, Contender contender)
        {
            _clients = [.. _everyone.Select(number => contender.Connect(swarm, number, this))];
            if (!swarm.RunUntil(() => Array.TrueForAll(_clients, client => client.IsReady), TimeSpan.FromSeconds(20)))
            {
                throw new InvalidOperationException($"{contender.Name} took in {_clients.Count(client => client.IsReady)} of {_clients.Length}.");
            }

            return _clients;
        }

        internal void Start()
        {
            foreach (var client in _clients)
            {
                Say(client);
            }
        }

        internal void End() => _isEnding = true;

        public void Take(RelayClient receiver, ReadOnlySpan<byte> text)
        {
            if (Audit.Take(receiver, text) is { } mark && mark.From == receiver.Number && !_isEnding)
            {
                Say(receiver);
            }
        }

        private void Say(RelayClient from) => from.SendText(from.LineTo(
            Room(round), Audit.Mark(from.Number, _everyone, 0) + " Shall we move the review to Thursday at two, when everybody is back?"));
    }
}
