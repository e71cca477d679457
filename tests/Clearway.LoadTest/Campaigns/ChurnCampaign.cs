using System.Diagnostics;
using System.Globalization;
using Clearway.LoadTest.Relay;
using Clearway.LoadTest.Servers;
using Clearway.LoadTest.Wire;
using Clearway.Testing;

namespace Clearway.LoadTest.Campaigns;

/// <summary>Joins and leaves for minutes; afterwards connections, rooms and timers of the node are what they were before, by its own metrics.</summary>
internal static class ChurnCampaign
{
    private const int RoomSize = 10;
    private const string Service = "Clearway.Signaling";
    private static readonly TimeSpan _stay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _calm = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private static readonly string[] _baseline =
        ["clearway.signaling.connections", "clearway.signaling.rooms", "dotnet.timer.count"];

    /// <summary>How it is run; the rate in joins, and as many leaves, a second.</summary>
    internal sealed record Plan(int Seed, int Rate, TimeSpan Length, bool HasPlantedFault);

    internal static async Task RunAsync(Plan plan, Report report)
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var servers = await ClearwayServers.StartAsync(new Setting
        {
            Gateway = new Dictionary<string, string>(Setting.Patient)
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Endpoint,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_SERVICE_NAME"] = Service,
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            },
        });

        // Once for everything that is made on first use and kept.
        await LoadThread.RunAsync(() => Churn(plan with { Length = TimeSpan.FromSeconds(3), HasPlantedFault = false }, servers, 0), isPinned: false);
        var before = await SettleAsync(collector, wanted: null);
        report.Line($"before: {Text(before)}, {servers.Gateway.ResidentBytes / 1024.0 / 1024:F0} MiB resident");

        var (joined, failures, staying) = await LoadThread.RunAsync(() => Churn(plan, servers, 1_000_000), isPinned: false);
        var after = await SettleAsync(collector, before);
        report.Line(
            $"after {Report.Number(joined)} joins and leaves at {plan.Rate} /s: {Text(after)}, "
            + $"{servers.Gateway.ResidentBytes / 1024.0 / 1024:F0} MiB resident, {failures.Count} failed");
        foreach (var failure in failures.CountBy(failure => failure))
        {
            report.Expect(holds: false, $"{failure.Value} joins failed: {failure.Key}");
        }

        report.Expect(joined > 0, "nobody joined");
        foreach (var metric in _baseline)
        {
            report.Expect(after[metric] <= before[metric], $"{metric} went from {before[metric]} to {after[metric]}");
        }

        staying?.Dispose();
        report.ExpectNoErrors(servers.LoggedErrors);
    }

    /// <summary>Joins at the rate; each stays a second. Answers the swarm of whoever the planted fault lets stay.</summary>
    private static (int Joined, List<string> Failures, Swarm? Staying) Churn(Plan plan, ClearwayServers servers, int first)
    {
        var swarm = new Swarm(plan.Seed);
        var present = new Queue<ClearwayClient>();
        var failures = new List<string>();
        var (began, count, number) = (Stopwatch.GetTimestamp(), (int)(plan.Rate * plan.Length.TotalSeconds), 0);
        var stay = (long)(_stay.TotalSeconds * Stopwatch.Frequency);
        swarm.Run(now =>
        {
            for (; number < count && Due(number) <= now; number++)
            {
                var token = servers.Tokens.Token(RoomTokens.Room("churn", (first + number) / RoomSize), first + number);
                present.Enqueue(swarm.Connect(new ClearwayClient(token) { Number = number }, servers.Gateway.Port));
            }

            while (present.TryPeek(out var oldest) && (Due(oldest.Number) + stay <= now))
            {
                if (oldest is { IsReady: false, IsOpen: true } && Due(oldest.Number) + 10 * stay > now)
                {
                    break;
                }

                present.Dequeue();
                if (!oldest.IsReady)
                {
                    failures.Add(oldest.Error ?? (oldest.IsOpen ? "no answer" : $"closed with {oldest.CloseCode}"));
                }

                if (!plan.HasPlantedFault || oldest.Number != 17)
                {
                    oldest.Leave();
                }
            }

            return number < count || present.Count > 0 ? Math.Min(number < count ? Due(number) : long.MaxValue, now + stay / 100) : null;
        });
        swarm.RunUntil(() => swarm.Open == (plan.HasPlantedFault ? 1 : 0), TimeSpan.FromSeconds(10));
        if (plan.HasPlantedFault)
        {
            return (number - failures.Count, failures, swarm);
        }

        swarm.Dispose();
        return (number - failures.Count, failures, null);

        long Due(long joiner) => began + joiner * Stopwatch.Frequency / plan.Rate;
    }

    /// <summary>
    /// Reads the metrics until connections and rooms are none and the timers as few as wanted; where nothing is wanted, for a while. What
    /// is under way has timers for a moment: their number is the least of those read.
    /// </summary>
    private static async Task<Dictionary<string, double?>> SettleAsync(OtlpReceiver collector, Dictionary<string, double?>? wanted)
    {
        var began = Stopwatch.GetTimestamp();
        var least = Read(collector);
        while (Stopwatch.GetElapsedTime(began) < (wanted is null ? _calm : _patience))
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            var now = Read(collector);
            least = now.ToDictionary(value => value.Key, value => Least(least[value.Key], value.Value));
            if (wanted?.All(value => now[value.Key] <= value.Value) == true)
            {
                return now;
            }
        }

        return least;
    }

    private static double? Least(double? one, double? other) => one is null || other < one ? other : one;

    private static Dictionary<string, double?> Read(OtlpReceiver collector)
    {
        var newest = collector.Metrics.TakeLast(4).ToList();
        return _baseline.ToDictionary(metric => metric, metric => MetricReadings.Latest(newest, Service, metric));
    }

    private static string Text(Dictionary<string, double?> values) =>
        string.Join(", ", values.Select(value => $"{value.Key} {value.Value?.ToString("F0", CultureInfo.InvariantCulture) ?? "unknown"}"));
}
