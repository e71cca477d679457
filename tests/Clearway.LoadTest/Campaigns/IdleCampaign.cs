using Clearway.LoadTest.Relay;
using Clearway.LoadTest.Servers;
using Clearway.LoadTest.Wire;

namespace Clearway.LoadTest.Campaigns;

/// <summary>Resident memory that an idle connection costs, with all that the server keeps for it.</summary>
internal static class IdleCampaign
{
    private const int RoomSize = 10;
    private const int WarmUpClients = 200;

    // Memory of compilers is none of the connections': joins are compiled, and compiled again, before any is counted.
    private const int WarmUpWaves = 10;

    /// <summary>How it is run; <paramref name="Settle"/> is how long nothing happens before memory is read.</summary>
    internal sealed record Plan(int Seed, int Rounds, int Connections, TimeSpan Settle, string? Only, bool HasPlantedFault);

    internal static async Task RunAsync(Plan plan, Report report)
    {
        var samples = new Dictionary<string, List<double>>();
        for (var round = 0; round < plan.Rounds; round++)
        {
            await MeasureAsync(contest => contest.AddClearwayAsync(
                new Setting { Core = Machine.ServerCore, StoresCore = Machine.ClientCore }, plan.Connections, RoomSize, "idle"));
            await MeasureAsync(contest => contest.AddPeerServerAsync(Machine.ServerCore));
            await MeasureAsync(contest => contest.AddSignalRAsync(Machine.ServerCore));
            await MeasureAsync(contest => contest.AddSocketIoAsync(Machine.ServerCore));
            await MeasureAsync(contest => contest.AddAsync(
                "npm ws", Peers.WsAsync, (n, sink) => new EchoClient { Number = n, Sink = sink }, Machine.ServerCore));
            await MeasureAsync(contest => contest.AddAsync(
                "plain Kestrel loop", Peers.PlainAsync, (n, sink) => new EchoClient { Number = n, Sink = sink }, Machine.ServerCore));
        }

        report.Line(
            $"{Report.Number(plan.Connections)} idle connections, memory read after {plan.Settle.TotalSeconds} s; medians of {plan.Rounds} rounds "
            + "(lowest to highest)");
        foreach (var (name, values) in samples)
        {
            report.Line($"  {name,-22} {Report.Median(values):F1} KiB ({values.Min():F1} to {values.Max():F1})");
        }

        report.Figure(new Figure(
            "resident memory of an idle connection",
            "KiB",
            IsMoreBetter: false,
            "10 KiB",
            samples.ToDictionary(sample => sample.Key, sample => Report.Median(sample.Value))));

        async Task MeasureAsync(Func<Contest, Task> start)
        {
            // A process of its own each time: a heap that has grown does not shrink.
            await using var contest = new Contest(plan.Only);
            await start(contest);
            foreach (var contender in contest.Contenders)
            {
                samples.TryAdd(contender.Name, []);
                samples[contender.Name].Add(await LoadThread.RunAsync(() => Measure(plan, contender, report)));
            }

            report.ExpectNoErrors(contest.LoggedErrors);
        }
    }

    private static double Measure(Plan plan, Contender contender, Report report)
    {
        using var swarm = new Swarm(plan.Seed);
        for (var wave = 0; wave < WarmUpWaves; wave++)
        {
            Contender.Leave(swarm, contender.Enter(swarm, Math.Min(WarmUpClients, plan.Connections), sink: null));
            swarm.RunFor(TimeSpan.FromSeconds(0.2));
        }

        swarm.RunFor(TimeSpan.FromSeconds(1));
        var before = contender.Processes[0].ResidentBytes;
        var clients = contender.Enter(swarm, plan.Connections, sink: null, atOnce: 50);
        if (plan.HasPlantedFault)
        {
            clients[^1].Abort();
        }

        swarm.RunFor(plan.Settle);
        var after = contender.Processes[0].ResidentBytes;
        report.Expect(
            swarm.Open == plan.Connections, $"{contender.Name} held {swarm.Open} of {plan.Connections} connections until the memory was read");
        Contender.Leave(swarm, clients);
        return (after - before) / 1024.0 / plan.Connections;
    }
}
