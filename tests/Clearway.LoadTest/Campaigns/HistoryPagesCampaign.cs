using System.Diagnostics;
using Clearway.Chat.V1;
using Clearway.LoadTest.Servers;
using Npgsql;

namespace Clearway.LoadTest.Campaigns;

/// <summary>The newest page of a room as each join reads it, as fast as some callers get it; as the limit the bare query from here.</summary>
internal static class HistoryPagesCampaign
{
    private const int PageMessages = 50;
    private const string Tenant = "acme";

    private const string Query =
        """
        SELECT sequence, id, sender_id, sender_name, text, system_data, security, sent_at, edited_at, deleted_at
        FROM chat.messages WHERE tenant = $1 AND room = $2 ORDER BY sequence DESC LIMIT $3
        """;

    internal sealed record Plan(int Rounds, TimeSpan Window, int Rooms, int Callers, bool HasPlantedFault);

    internal static async Task RunAsync(Plan plan, Report report)
    {
        await using var servers = await ChatServers.StartAsync();
        await using var database = NpgsqlDataSource.Create(servers.ConnectionString);
        for (var room = 0; room < plan.Rooms; room++)
        {
            await servers.History.AppendAsync(new AppendRequest { Messages = { Enumerable.Range(0, PageMessages).Select(line => Line(room, line)) } });
        }

        await AskAsync(servers, plan, report);
        await SelectAsync(database, plan);
        var (asked, processor, selected) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < plan.Rounds; round++)
        {
            var (perSecond, each) = await AskAsync(servers, plan, report);
            asked.Add(perSecond);
            processor.Add(each.TotalMilliseconds);
            selected.Add(await SelectAsync(database, plan));
        }

        report.Line(
            $"{plan.Rounds} interleaved rounds of {plan.Window.TotalSeconds} s, {plan.Callers} callers, {plan.Rooms} rooms of {PageMessages} lines; medians");
        report.Line($"  a page costs Chat {Report.Milliseconds(Report.Median(processor))} of processor time");
        report.Figure(new Figure(
            "newest pages of history",
            "/s",
            IsMoreBetter: true,
            "-",
            new Dictionary<string, double> { [Contender.Clearway] = Report.Median(asked), [Contender.Limit] = Report.Median(selected) }));
        report.ExpectNoErrors(servers.Chat.LoggedErrors);
    }

    private static ChatMessage Line(int room, int line) => new()
    {
        Id = Guid.CreateVersion7().ToString(),
        Tenant = Tenant,
        Room = $"room-{room}",
        SenderId = "p-ada",
        SenderName = "Ada",
        Text = $"{line} of the figures for the third quarter",
        SentAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
    };

    private static async Task<(double PerSecond, TimeSpan Each)> AskAsync(ChatServers servers, Plan plan, Report report)
    {
        var (began, processor) = (Stopwatch.GetTimestamp(), servers.Chat.ProcessorTime);
        var wrong = 0;
        var pages = await Task.WhenAll(Enumerable.Range(0, plan.Callers).Select(caller => Task.Run(async () =>
        {
            var count = 0;
            for (; Stopwatch.GetElapsedTime(began) < plan.Window; count++)
            {
                var room = plan.HasPlantedFault && count == 0 ? "elsewhere" : $"room-{(caller + count * plan.Callers) % plan.Rooms}";
                var page = await servers.History.GetPageAsync(new GetPageRequest { Tenant = Tenant, Room = room, Limit = PageMessages });
                if (page.Messages.Count != PageMessages || page.Messages[^1].Sequence != PageMessages || page.Messages[0].Room != room)
                {
                    Interlocked.Increment(ref wrong);
                }
            }

            return count;
        })));
        report.Expect(wrong == 0, $"{wrong} pages were not the room's");
        return (pages.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds, (servers.Chat.ProcessorTime - processor) / pages.Sum());
    }

    private static async Task<double> SelectAsync(NpgsqlDataSource database, Plan plan)
    {
        var began = Stopwatch.GetTimestamp();
        var pages = await Task.WhenAll(Enumerable.Range(0, plan.Callers).Select(caller => Task.Run(async () =>
        {
            var count = 0;
            for (; Stopwatch.GetElapsedTime(began) < plan.Window; count++)
            {
                await using var command = database.CreateCommand(Query);
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Tenant });
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = $"room-{(caller + count * plan.Callers) % plan.Rooms}" });
                command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = PageMessages });
                await using var reader = await command.ExecuteReaderAsync();
                while (await reader.ReadAsync())
                {
                    _ = reader.GetString(4);
                }
            }

            return count;
        })));
        return pages.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
