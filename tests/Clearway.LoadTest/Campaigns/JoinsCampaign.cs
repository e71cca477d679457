using System.Diagnostics;
using Clearway.LoadTest.Relay;
using Clearway.LoadTest.Servers;
using Clearway.LoadTest.Wire;

namespace Clearway.LoadTest.Campaigns;

/// <summary>
/// Joins at a rate that does not yield: TCP, upgrade, token, admission, welcome; how late each is, counted from when it was due. No server
/// is bound to a core: joining needs Auth and Redis as well.
/// </summary>
internal static class JoinsCampaign
{
    private const int RoomSize = 10;

    // Joining goes through much code once each: the compilers of all servers settle after some thousand joins, and not before.
    private const int WarmUpJoins = 8_000;
    private const int WarmUpClients = 200;

    /// <summary>How it is run; the rate in joins a second.</summary>
    internal sealed record Plan(int Seed, int Rounds, TimeSpan Window, int Rate, string? Only, bool HasPlantedFault)
    {
        internal int Joins => (int)(Rate * Window.TotalSeconds);
    }

    private sealed record Sample(double P50, double P99, double Busy, int Failed, string? Error);

    internal static async Task RunAsync(Plan plan, Report report)
    {
        await using var contest = new Contest(plan.Only);
        await contest.AddClearwayAsync(
            new Setting(),
            Math.Max(plan.Joins, WarmUpClients),
            RoomSize,
            "join",
            token: (number, good) => plan.HasPlantedFault && number % 1000 == 999 ? good[..^4] + "AAAA" : good);
        await contest.AddPeerServerAsync(core: null);
        await contest.AddSocketIoAsync(core: null);

        var samples = contest.Contenders.ToDictionary(contender => contender.Name, _ => new List<Sample>());
        foreach (var contender in contest.Contenders)
        {
            await LoadThread.RunAsync(() => Warm(plan, contender), isPinned: false);
        }

        for (var round = 0; round < plan.Rounds; round++)
        {
            foreach (var contender in contest.Contenders)
            {
                samples[contender.Name].Add(await LoadThread.RunAsync(() => Measure(plan, contender), isPinned: false));
            }
        }

        report.Line(
            $"{Report.Number(plan.Rate)} joins a second, {plan.Rounds} interleaved rounds of {plan.Window.TotalSeconds} s, nothing bound to a core; medians");
        foreach (var (name, runs) in samples)
        {
            var failed = runs.Sum(run => run.Failed);
            report.Line(
                $"  {name,-22} p50 {Report.Milliseconds(Report.Median(runs.Select(run => run.P50)))}, "
                + $"p99 {Report.Milliseconds(Report.Median(runs.Select(run => run.P99)))}, server busy {Report.Share(Report.Median(runs.Select(run => run.Busy)))}, "
                + $"{Report.Number(runs.Count * plan.Joins)} joins, {failed} failed");
            report.Expect(failed == 0, $"{name}: {failed} joins failed, among them with {runs.FirstOrDefault(run => run.Error is not null)?.Error}");
        }

        report.ExpectNoErrors(contest.LoggedErrors);
        report.Figure(new Figure(
            $"p99 of a join at {Report.Number(plan.Rate)} /s",
            "ms",
            IsMoreBetter: false,
            "20 ms",
            samples.ToDictionary(sample => sample.Key, sample => Report.Median(sample.Value.Select(run => run.P99)))));
    }

    private static bool Warm(Plan plan, Contender contender)
    {
        var clients = Math.Min(WarmUpClients, plan.Joins / 2);
        for (var joins = 0; joins < Math.Min(WarmUpJoins, plan.Joins * plan.Rounds); joins += clients)
        {
            using var swarm = new Swarm(plan.Seed);
            Contender.Leave(swarm, contender.Enter(swarm, clients, sink: null));
        }

        return true;
    }

    // Those of the round before left all at once, which is work for a while: it is not what joins are late by.
    private static void AwaitRest(Contender contender)
    {
        var (interval, patience) = (TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(15));
        for (var waited = TimeSpan.Zero; waited < patience; waited += interval)
        {
            var before = contender.Processes[0].ProcessorTime;
            Thread.Sleep(interval);
            if (contender.Processes[0].ProcessorTime - before < interval * 0.05)
            {
                return;
            }
        }
    }

    private static Sample Measure(Plan plan, Contender contender)
    {
        AwaitRest(contender);
        using var swarm = new Swarm(plan.Seed);
        var clients = new List<RelayClient>(plan.Joins);
        var (began, serverTime) = (Stopwatch.GetTimestamp(), contender.Processes[0].ProcessorTime);
        swarm.Run(now =>
        {
            while (clients.Count < plan.Joins && Due(clients.Count) <= now)
            {
                clients.Add(contender.Connect(swarm, clients.Count, sink: null));
            }

            return clients.Count < plan.Joins ? Due(clients.Count) : null;
        });
        var busy = (contender.Processes[0].ProcessorTime - serverTime) / Stopwatch.GetElapsedTime(began);
        swarm.RunUntil(() => clients.TrueForAll(client => client.IsReady || !client.IsOpen), TimeSpan.FromSeconds(10));
        var failed = clients.Where(client => !client.IsReady).ToList();
        var late = clients.Where(client => client.IsReady)
            .Select(client => (client.ReadyAt - Due(client.Number)) * 1000.0 / Stopwatch.Frequency).Order().ToArray();
        Contender.Leave(swarm, clients);
        return new Sample(
            Report.Percentile(late, 0.5),
            Report.Percentile(late, 0.99),
            busy,
            failed.Count,
            failed.OfType<ClearwayClient>().Select(client => client.Error).FirstOrDefault());

        long Due(long number) => began + number * Stopwatch.Frequency / plan.Rate;
    }
}
