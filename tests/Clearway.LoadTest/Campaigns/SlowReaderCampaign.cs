using System.Diagnostics;
using Clearway.LoadTest.Relay;
using Clearway.LoadTest.Servers;
using Clearway.LoadTest.Wire;

namespace Clearway.LoadTest.Campaigns;

/// <summary>
/// Some stop reading while much is sent to them: each costs the node no more than its outbox, is closed in time, and nobody else notices.
/// </summary>
internal static class SlowReaderCampaign
{
    private const int MostKiB = 256;
    private const int OfferBytes = 60_000;
    private const int OffersPerSecond = 4;
    private const int Bystanders = 40;
    private static readonly TimeSpan _goal = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _noticed = TimeSpan.FromSeconds(1);

    /// <summary>How it is run.</summary>
    internal sealed record Plan(int Seed, int SlowReaders, bool HasPlantedFault);

    internal static async Task RunAsync(Plan plan, Report report)
    {
        await using var servers = await ClearwayServers.StartAsync(new Setting { Gateway = Setting.Patient });
        await LoadThread.RunAsync(() => Run(plan, servers, report), isPinned: false);
        report.ExpectNoErrors(servers.LoggedErrors);
    }

    private static bool Run(Plan plan, ClearwayServers servers, Report report)
    {
        using var swarm = new Swarm(plan.Seed);
        var bystanders = new Bystanding(number => number / 2);
        var pairs = Enter(swarm, servers, "calm", Bystanders, bystanders, firstNumber: 0);

        // Numbers above those of the bystanders: even ones send, odd ones receive.
        var watch = new Watch();
        var rooms = Enter(swarm, servers, "slow", plan.SlowReaders * 2, watch, firstNumber: 100_000);
        var senders = rooms.Where(client => client.Number % 2 == 0).ToArray();
        var readers = rooms.Where(client => client.Number % 2 == 1).ToArray();

        // The same traffic to readers that keep up: what it costs the heap anyway, once it has grown to that.
        Drive(plan, swarm, servers, bystanders, pairs, senders, readers, TimeSpan.FromSeconds(5), () => false);
        var control = Drive(plan, swarm, servers, bystanders, pairs, senders, readers, TimeSpan.FromSeconds(5), () => false);
        report.Expect(readers.All(reader => reader.IsOpen), "a reader was closed while it kept up");
        var before = bystanders.Slowest;
        bystanders.Slowest = TimeSpan.Zero;
        foreach (var reader in readers)
        {
            reader.IsReading = false;
        }

        watch.Began = Stopwatch.GetTimestamp();
        var slow = Drive(
            plan, swarm, servers, bystanders, pairs, senders, readers, _goal, () => watch.GoneAfter.Count == readers.Length);
        swarm.RunUntil(() => bystanders.Audit.Lost == 0, TimeSpan.FromSeconds(3));

        var perReader = (slow - control) / 1024.0 / plan.SlowReaders;
        var gone = watch.GoneAfter.Values.Select(time => time.TotalSeconds).Order().ToArray();
        report.Line(
            $"{plan.SlowReaders} slow readers, {OffersPerSecond} offers of {OfferBytes} bytes a second to each: {gone.Length} closed, "
            + $"the last after {Report.Percentile(gone, 1):F1} s; {perReader:F0} KiB resident each beyond the same traffic read in time");
        report.Line(
            $"bystanders: {bystanders.Audit}; slowest offer {Report.Milliseconds(before.TotalMilliseconds)} before, "
            + $"{Report.Milliseconds(bystanders.Slowest.TotalMilliseconds)} meanwhile");
        foreach (var sender in senders.Where(sender => !watch.GoneAfter.ContainsKey(sender.Number)))
        {
            report.Expect(
                holds: false,
                $"the slow reader of {sender.Number} was not closed; the sender is {(sender.IsOpen ? "open" : $"closed with {sender.CloseCode}")} {sender.Error}");
        }

        report.Expect(gone.All(seconds => seconds <= _goal.TotalSeconds), $"a slow reader lived longer than {_goal.TotalSeconds} s");
        report.Expect(perReader <= MostKiB, $"a slow reader cost {perReader:F0} KiB");
        report.Expect(bystanders.Audit.IsClean, $"bystanders: {bystanders.Audit}");
        report.Expect(bystanders.Slowest < _noticed, $"a bystander's offer took {Report.Milliseconds(bystanders.Slowest.TotalMilliseconds)}");
        return true;
    }

    private static ClearwayClient[] Enter(
        Swarm swarm, ClearwayServers servers, string room, int count, ITextSink sink, int firstNumber)
    {
        var clients = Enumerable.Range(0, count).Select(i => swarm.Connect(
            new ClearwayClient(servers.Tokens.Token(RoomTokens.Room(room, i / 2), firstNumber + i)) { Number = firstNumber + i, Sink = sink },
            servers.Gateway.Port)).ToArray();
        return swarm.RunUntil(() => Array.TrueForAll(clients, client => client.IsReady), TimeSpan.FromSeconds(20))
            ? clients
            : throw new InvalidOperationException("Not everybody got in.");
    }

    /// <summary>Sends to readers and among bystanders.</summary>
    /// <returns>The most resident memory that was seen, in bytes.</returns>
    private static long Drive(
        Plan plan,
        Swarm swarm,
        ClearwayServers servers,
        Bystanding bystanders,
        ClearwayClient[] pairs,
        ClearwayClient[] senders,
        ClearwayClient[] readers,
        TimeSpan longest,
        Func<bool> isDone)
    {
        var description = new string('a', OfferBytes);
        var offers = senders.Select((sender, i) => Framing.Masked(sender.OfferTo(readers[i], description), swarm.Random)).ToArray();
        var began = Stopwatch.GetTimestamp();
        var end = began + (long)(longest.TotalSeconds * Stopwatch.Frequency);
        var (next, turn, most) = (began, 0L, 0L);
        var step = Stopwatch.Frequency / OffersPerSecond / senders.Length;
        var isStalled = false;
        swarm.Run(now =>
        {
            for (; next <= now; next += step, turn++)
            {
                senders[turn % senders.Length].Send(offers[turn % senders.Length]);
                if (turn % 5 == 0)
                {
                    bystanders.Say(swarm, pairs);
                    most = Math.Max(most, servers.Gateway.ResidentBytes);
                }
            }

            if (plan.HasPlantedFault && !isStalled && !readers[0].IsReading)
            {
                // Somebody notices: the bystanders' own side holds still.
                isStalled = true;
                Thread.Sleep(_noticed * 1.5);
            }

            return now >= end || isDone() ? null : next;
        });
        return most;
    }

    /// <summary>Sees, in each slow reader's room, when that one is gone.</summary>
    private sealed class Watch : ITextSink
    {
        internal long Began { get; set; }

        /// <summary>By the number of the sender in the room.</summary>
        internal Dictionary<int, TimeSpan> GoneAfter { get; } = [];

        public void Take(RelayClient receiver, ReadOnlySpan<byte> text)
        {
            if (Began > 0 && (text.StartsWith("{\"type\":\"peer-away\""u8) || text.StartsWith("{\"type\":\"peer-left\""u8)))
            {
                GoneAfter.TryAdd(receiver.Number, Stopwatch.GetElapsedTime(Began));
            }
        }
    }
}
