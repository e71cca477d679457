using System.Diagnostics;
using System.Text;
using Clearway.LoadTest.Relay;
using Clearway.LoadTest.Servers;
using Clearway.LoadTest.Wire;

namespace Clearway.LoadTest.Campaigns;

/// <summary>
/// Offers of 1.2 KB at a rate that does not yield, over many connections: how late each comes, counted from when it was due and not from
/// when a busy client got around to it, and whether each sender's offers came to each receiver once and in order.
/// </summary>
internal static class LatencyCampaign
{
    private const int RoomSize = 10;
    private const string Edge = Contender.Clearway + " through the edge";
    private const string TwoNodes = Contender.Clearway + " across two nodes";

    /// <summary>How it is run; the rate in messages a second.</summary>
    internal sealed record Plan(
        int Seed, int Rounds, TimeSpan Window, int Connections, int Rate, string? Only, bool HasPlantedFault)
    {
        /// <summary>Of how many texts the receiver loses one, where the fault is planted.</summary>
        internal int LoseOneIn { get; init; } = 10_000;

        internal TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(6);
    }

    private sealed record Sample(double P50, double P99, double P999, double ServerBusy, double ClientBusy, SequenceAudit Audit);

    internal static async Task RunAsync(Plan plan, Report report)
    {
        await using var contest = new Contest(plan.Only);
        var setting = new Setting { Core = Machine.ServerCore, StoresCore = Machine.ClientCore };
        await contest.AddClearwayAsync(setting, plan.Connections, RoomSize, "late");
        await contest.AddClearwayAsync(setting with { HasEdge = true }, plan.Connections, RoomSize, "edge", Edge);
        await contest.AddClearwayAsync(setting with { Nodes = 2 }, plan.Connections, RoomSize, "nodes", TwoNodes);
        await contest.AddPeerServerAsync(Machine.ServerCore);
        await contest.AddYWebrtcAsync(Machine.ServerCore);
        await contest.AddSocketIoAsync(Machine.ServerCore);
        await contest.AddSignalRAsync(Machine.ServerCore);
        await contest.AddLimitAsync(Machine.ServerCore);

        var samples = contest.Contenders.ToDictionary(contender => contender.Name, _ => new List<Sample>());
        for (var round = 0; round < plan.Rounds; round++)
        {
            foreach (var contender in contest.Contenders)
            {
                samples[contender.Name].Add(await LoadThread.RunAsync(() => Measure(plan, contender)));
            }
        }

        report.ExpectNoErrors(contest.LoggedErrors);
        Print(plan, samples, report);
    }

    private static Sample Measure(Plan plan, Contender contender)
    {
        var traffic = new Traffic(plan, contender);
        using var swarm = new Swarm(plan.Seed);
        var clients = contender.Enter(swarm, plan.Connections, traffic);

        // Nobody offers to somebody whom the room has not announced: between nodes that takes a moment.
        var announcements = contender.Name.StartsWith(Contender.Clearway, StringComparison.Ordinal)
            ? plan.Connections / RoomSize * RoomSize * (RoomSize - 1) / 2
            : 0;
        swarm.RunUntil(() => traffic.Announced >= announcements, TimeSpan.FromSeconds(10));

        // At the same rate, until compilers have seen what runs; then what counts.
        traffic.Run(swarm, clients, plan.WarmUp);
        traffic.Latencies.Clear();
        var (began, waited, serverTime) = (Stopwatch.GetTimestamp(), swarm.Waited, ServerTime(contender));
        traffic.Run(swarm, clients, plan.Window);
        var took = Stopwatch.GetElapsedTime(began);
        var (serverBusy, clientBusy) = ((ServerTime(contender) - serverTime) / took, 1 - (swarm.Waited - waited) / took);
        Contender.Leave(swarm, clients);

        var sorted = traffic.Latencies.Select(ticks => ticks * 1000.0 / Stopwatch.Frequency).Order().ToArray();
        return new Sample(
            Report.Percentile(sorted, 0.5), Report.Percentile(sorted, 0.99), Report.Percentile(sorted, 0.999), serverBusy, clientBusy, traffic.Audit);
    }

    private static TimeSpan ServerTime(Contender contender) =>
        contender.Processes.Aggregate(TimeSpan.Zero, (sum, process) => sum + process.ProcessorTime);

    private static void Print(Plan plan, Dictionary<string, List<Sample>> samples, Report report)
    {
        report.Line(
            $"{Report.Number(plan.Rate)} offers of {Offer.Description.Length} bytes a second over {Report.Number(plan.Connections)} connections in "
            + $"{Report.Number(plan.Connections / RoomSize)} rooms, {plan.Rounds} interleaved rounds of {plan.Window.TotalSeconds} s; medians");
        foreach (var (name, runs) in samples)
        {
            report.Line(
                $"  {name,-28} p50 {Report.Milliseconds(Report.Median(runs.Select(run => run.P50)))}, "
                + $"p99 {Report.Milliseconds(Report.Median(runs.Select(run => run.P99)))}, "
                + $"p99.9 {Report.Milliseconds(Report.Median(runs.Select(run => run.P999)))}"
                + $"  server busy {Report.Share(Report.Median(runs.Select(run => run.ServerBusy)))}, "
                + $"client busy {Report.Share(Report.Median(runs.Select(run => run.ClientBusy)))}");
            foreach (var run in runs)
            {
                report.Line($"    {run.Audit}");
                report.Expect(run.Audit.IsClean, $"{name}: {run.Audit}");
            }
        }

        var p99 = samples.ToDictionary(sample => sample.Key, sample => Report.Median(sample.Value.Select(run => run.P99)));
        AddFigure("gateway", "1 ms", Contender.Clearway);
        AddFigure("through the edge", "3 ms", Edge);
        AddFigure("across two nodes", "5 ms", TwoNodes);

        void AddFigure(string path, string goal, string ours)
        {
            if (p99.TryGetValue(ours, out var late))
            {
                var values = p99.Where(value => !value.Key.StartsWith(Contender.Clearway, StringComparison.Ordinal)).ToDictionary();
                values[Contender.Clearway] = late;
                report.Figure(new Figure($"p99 of an offer at {Report.Number(plan.Rate)} /s, {path}", "ms", IsMoreBetter: false, goal, values));
            }
        }
    }

    /// <summary>The offers of one run, and when they came.</summary>
    private sealed class Traffic(Plan plan, Contender contender) : ITextSink
    {
        private readonly Dictionary<(int From, int To), (byte[] Text, int Mark)> _templates = [];
        private readonly byte[] _frame = new byte[2048];

        internal SequenceAudit Audit { get; } = new(number => number / RoomSize, plan.HasPlantedFault ? plan.LoseOneIn : 0);

        /// <summary>In ticks of <see cref="Stopwatch"/>.</summary>
        internal List<long> Latencies { get; } = [];

        /// <summary>How often somebody was told of somebody who came.</summary>
        internal int Announced { get; private set; }

        public void Take(RelayClient receiver, ReadOnlySpan<byte> text)
        {
            if (text.StartsWith("{\"type\":\"peer-joined\""u8))
            {
                Announced++;
            }

            if (Audit.Take(receiver, text) is { } mark)
            {
                Latencies.Add(Stopwatch.GetTimestamp() - mark.Due);
            }
        }

        /// <summary>Sends at the rate for so long, then waits for what is under way.</summary>
        internal void Run(Swarm swarm, RelayClient[] clients, TimeSpan length)
        {
            var began = Stopwatch.GetTimestamp();
            var count = (long)(plan.Rate * length.TotalSeconds);
            var sent = 0L;
            swarm.Run(now =>
            {
                while (sent < count && Due(sent) <= now)
                {
                    Send(swarm, clients, Due(sent));
                    sent++;
                }

                return sent < count ? Due(sent) : null;
            });
            swarm.RunUntil(() => Audit.Received - Audit.Doubled >= Audit.Sent, TimeSpan.FromSeconds(5));

            long Due(long number) => began + number * Stopwatch.Frequency / plan.Rate;
        }

        private void Send(Swarm swarm, RelayClient[] clients, long due)
        {
            var from = clients[swarm.Random.Next(clients.Length)];

            // An odd distance within the room: with two nodes the other one is on the other node.
            var place = from.Number % RoomSize;
            var to = contender.ReachesAll
                ? clients[from.Number - place + (place + 1 + 2 * swarm.Random.Next(RoomSize / 2)) % RoomSize]
                : clients[from.Number ^ 1];
            if (!_templates.TryGetValue((from.Number, to.Number), out var template))
            {
                var text = Encoding.UTF8.GetBytes(from.OfferTo(to, new string('#', SequenceAudit.MarkLength) + Offer.Description[SequenceAudit.MarkLength..]));
                _templates[(from.Number, to.Number)] = template = (text, text.AsSpan().IndexOf((byte)'#'));
            }

            Encoding.UTF8.GetBytes(Audit.Mark(from.Number, to.Number, due), template.Text.AsSpan(template.Mark));
            from.Send(_frame.AsSpan(0, Framing.Write(_frame, Framing.Text, template.Text, swarm.Random)));
        }
    }
}
