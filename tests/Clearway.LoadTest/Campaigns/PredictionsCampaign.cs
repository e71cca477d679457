using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Clearway.LoadTest.Servers;

namespace Clearway.LoadTest.Campaigns;

/// <summary>Keystrokes as browsers ask for them: the proxy's REST, gRPC to Chat, and back, at a rate that does not yield; how late each answer is.</summary>
internal static class PredictionsCampaign
{
    private const int Typists = 50;

    private static readonly string[] _lines =
    [
        "I think we can move the meeting to Thursday", "the figures for the third quarter", "let us wait for everybody", "сколько времени это займёт",
        "давайте перенесём встречу на четверг", "ghbdtn rfr ltkf", "privet kak dela",
    ];

    /// <summary>How it is run; the rate in keystrokes a second over all typists.</summary>
    internal sealed record Plan(int Rounds, TimeSpan Window, int Rate, bool HasPlantedFault);

    internal static async Task RunAsync(Plan plan, Report report)
    {
        await using var servers = await ClearwayServers.StartAsync(new Setting { HasEdge = true });
        var edge = Service.Address(servers.Edge!.Port);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Typists }) { BaseAddress = new Uri(edge) };
        var tokens = Enumerable.Range(0, Typists).Select(number => servers.Tokens.Token(RoomTokens.Room("typing", number), number)).ToArray();
        if (plan.HasPlantedFault)
        {
            tokens[0] = tokens[0][..^4] + "AAAA";
        }

        await TypeAsync(http, tokens, plan, report);
        var (p50, p99) = (new List<double>(), new List<double>());
        for (var round = 0; round < plan.Rounds; round++)
        {
            var late = await TypeAsync(http, tokens, plan, report);
            p50.Add(Report.Percentile(late, 0.5));
            p99.Add(Report.Percentile(late, 0.99));
        }

        report.Line($"{plan.Rate} keystrokes a second by {Typists} typists, {plan.Rounds} rounds of {plan.Window.TotalSeconds} s, nothing bound to a core; medians");
        report.Line($"  p50 {Report.Milliseconds(Report.Median(p50))}, p99 {Report.Milliseconds(Report.Median(p99))} ({string.Join(", ", p99.Select(Report.Milliseconds))})");
        report.Figure(new Figure(
            $"p99 of a suggestion through the edge at {plan.Rate} /s",
            "ms",
            IsMoreBetter: false,
            "8 ms",
            new Dictionary<string, double> { [Contender.Clearway] = Report.Median(p99) }));
        report.ExpectNoErrors(servers.LoggedErrors);
    }

    private static async Task<double[]> TypeAsync(HttpClient http, string[] tokens, Plan plan, Report report)
    {
        var (began, wrong) = (Stopwatch.GetTimestamp(), 0);
        var late = await Task.WhenAll(Enumerable.Range(0, Typists).Select(typist => Task.Run(async () =>
        {
            var times = new List<double>();
            for (var stroke = 0; ; stroke++)
            {
                // Each typist's strokes lie between those of the others.
                var due = (stroke * Typists + typist) / (double)plan.Rate;
                if (due >= plan.Window.TotalSeconds)
                {
                    return times;
                }

                // Counted from when it was due, which an answer that was late delays; how late the timer wakes a typist is the timer's.
                var from = due;
                if (TimeSpan.FromSeconds(due) - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } wait)
                {
                    await Task.Delay(wait);
                    from = Stopwatch.GetElapsedTime(began).TotalSeconds;
                }

                var line = _lines[(typist + stroke / 40) % _lines.Length];
                var prefix = Uri.EscapeDataString(line[..(1 + stroke % line.Length)]);
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(string.Create(CultureInfo.InvariantCulture, $"/api/v1/t9?prefix={prefix}"), UriKind.Relative));
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens[typist]);
                using var answer = await http.SendAsync(request);
                if (!answer.IsSuccessStatusCode || !(await answer.Content.ReadAsStringAsync()).Contains("\"suggestions\"", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref wrong);
                }

                times.Add((Stopwatch.GetElapsedTime(began).TotalSeconds - from) * 1000);
            }
        })));
        report.Expect(wrong == 0, $"{wrong} keystrokes were not answered");
        return [.. late.SelectMany(times => times).Order()];
    }
}
