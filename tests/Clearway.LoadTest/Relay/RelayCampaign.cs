using System.Diagnostics;
using System.Globalization;
using Clearway.LoadTest.Servers;
using Clearway.LoadTest.Wire;

namespace Clearway.LoadTest.Relay;

/// <summary>
/// Offers of 1.2 KB relayed between pairs of peers, the server on one core and the clients on the other, every server in every round.
/// </summary>
internal static class RelayCampaign
{
    private static readonly TimeSpan _warmUp = TimeSpan.FromMilliseconds(2000);

    // Compilers that learn from what runs take this long on one busy core; what is asked is how fast a server is that has been up for a while.
    private static readonly TimeSpan _firstWarmUp = TimeSpan.FromSeconds(20);

    /// <summary>How it is run.</summary>
    internal sealed record Plan(int Seed, int Rounds, TimeSpan Window, int Pairs, string? Only, bool HasPlantedFault)
    {
        /// <summary>Of how many texts the receiver loses one, where the fault is planted.</summary>
        internal int LoseOneIn { get; init; } = 10_000;

        /// <summary>Offers in flight a pair, one after the other.</summary>
        internal int[] Depths { get; init; } = [1, 8];
    }

    private sealed record Sample(double PerSecond, double ServerBusy, double ClientBusy, long Lost)
    {
        /// <summary>Of the server's processor, in microseconds.</summary>
        internal double CostOfOne => ServerBusy / PerSecond * 1e6;
    }

    internal static async Task RunAsync(Plan plan, Report report)
    {
        await using var contest = new Contest(plan.Only);
        await contest.AddClearwayAsync(
            new Setting
            {
                Core = Machine.ServerCore,
                StoresCore = Machine.ClientCore,

                // More than two hundred frames a second from one connection are a flood, and measured here is how many there can be.
                Gateway = new Dictionary<string, string> { ["Signaling__MaxFramesPerSecond"] = "100000" },
            },
            clients: plan.Pairs * 2,
            roomSize: 2,
            "relay");
        await contest.AddPeerServerAsync(Machine.ServerCore);
        await contest.AddYWebrtcAsync(Machine.ServerCore);
        await contest.AddSocketIoAsync(Machine.ServerCore);
        await contest.AddSignalRAsync(Machine.ServerCore);
        await contest.AddLimitAsync(Machine.ServerCore);

        foreach (var contender in contest.Contenders)
        {
            await LoadThread.RunAsync(() => Measure(plan, contender, plan.Depths[^1], plan.Window * 20 > _firstWarmUp ? _firstWarmUp : plan.Window * 20));
        }

        var samples = new Dictionary<(int Depth, string Name), List<Sample>>();
        for (var round = 0; round < plan.Rounds; round++)
        {
            foreach (var depth in plan.Depths)
            {
                foreach (var contender in contest.Contenders)
                {
                    var sample = await LoadThread.RunAsync(() => Measure(plan, contender, depth, plan.Window));
                    samples.TryAdd((depth, contender.Name), []);
                    samples[(depth, contender.Name)].Add(sample);
                }
            }
        }

        report.ExpectNoErrors(contest.LoggedErrors);
        Print(plan, samples, report);
    }

    private static Sample Measure(Plan plan, Contender contender, int depth, TimeSpan length)
    {
        var pingPong = new PingPong(depth, plan.HasPlantedFault ? plan.LoseOneIn : 0);
        using var swarm = new Swarm(plan.Seed);
        var clients = contender.Enter(swarm, plan.Pairs * 2, pingPong);
        pingPong.Start(swarm, clients);

        swarm.RunFor(_warmUp);
        var server = contender.Processes[0];
        var (delivered, serverTime, waited, began) =
            (pingPong.Delivered, server.ProcessorTime, swarm.Waited, Stopwatch.GetTimestamp());
        swarm.RunFor(length);
        var took = Stopwatch.GetElapsedTime(began);
        delivered = pingPong.Delivered - delivered;
        var serverBusy = (server.ProcessorTime - serverTime) / took;
        var clientBusy = 1 - (swarm.Waited - waited) / took;

        pingPong.End();
        swarm.RunUntil(() => pingPong.InFlight == 0, TimeSpan.FromSeconds(3));
        Contender.Leave(swarm, clients);
        return new Sample(delivered / took.TotalSeconds, serverBusy, clientBusy, pingPong.InFlight);
    }

    private static void Print(Plan plan, Dictionary<(int Depth, string Name), List<Sample>> samples, Report report)
    {
        report.Line(
            $"{plan.Pairs} pairs, offers of {Offer.Description.Length} bytes, {plan.Rounds} interleaved rounds of {plan.Window.TotalSeconds} s, "
            + $"server on core {Machine.ServerCore}, client on core {Machine.ClientCore}; medians (lowest to highest)");
        foreach (var depth in samples.GroupBy(sample => sample.Key.Depth))
        {
            report.Line($"{depth.Key} in flight a pair");
            foreach (var ((_, name), runs) in depth)
            {
                var rates = runs.ConvertAll(run => run.PerSecond);
                var lost = runs.Sum(run => run.Lost);
                report.Line(
                    $"  {name,-22} {Report.Number(Report.Median(rates)),9} /s ({Report.Number(rates.Min())} to {Report.Number(rates.Max())})"
                    + $"  server busy {Report.Share(Report.Median(runs.Select(run => run.ServerBusy)))}"
                    + string.Create(CultureInfo.InvariantCulture, $" ({Report.Median(runs.Select(run => run.CostOfOne)):F2} us each)")
                    + $", client busy {Report.Share(Report.Median(runs.Select(run => run.ClientBusy)))}, lost {lost}");
                report.Expect(lost == 0, $"{name} did not deliver {lost} offers");
            }

            report.Figure(new Figure(
                $"relay of 1.2 KB offers, {depth.Key} in flight a pair",
                "/s",
                IsMoreBetter: true,
                depth.Key == 1 ? "2.5x the best peer, 55 % of the limit" : "8x the best peer, 45 % of the limit",
                depth.ToDictionary(runs => runs.Key.Name, runs => Report.Median(runs.Value.Select(run => run.PerSecond)))));
        }
    }
}
