using System.Diagnostics;
using System.Globalization;
using Clearway.Chat.V1;
using Clearway.LoadTest.Servers;
using Npgsql;
using NpgsqlTypes;

namespace Clearway.LoadTest.Campaigns;

/// <summary>
/// Lines into the chat history as gateways send them: each sends what came since its last batch, and the next batch when that is
/// acknowledged. First at a rate that does not yield, where each line's time is counted from when it was said to its acknowledgement; then
/// as fast as they are taken, beside single inserts over as many connections and, as the limit, COPY into a table of the same
/// columns and indexes. Afterwards every acknowledged line must be in the database, once and in order.
/// </summary>
internal static class ChatLinesCampaign
{
    private const int Gateways = 4;
    private const int LargestBatch = 256;
    private const int Inserters = 16;
    private const int CopiedAtOnce = 1000;

    /// <summary>In these the compilers settle.</summary>
    private const int WarmingWindows = 3;
    private const string Tenant = "acme";

    private const string Peers =
        """
        CREATE SCHEMA peer;
        CREATE TABLE peer.single (LIKE chat.messages INCLUDING ALL);
        CREATE TABLE peer.copied (LIKE chat.messages INCLUDING ALL);
        """;

    private const string Columns = "(tenant, room, sequence, id, sender_id, sender_name, text, system_data, security, sent_at)";

    /// <summary>How it is run; the rate, at which lines are said for <paramref name="Steady"/>, in lines a second over all gateways.</summary>
    internal sealed record Plan(int Seed, int Rounds, TimeSpan Window, TimeSpan Steady, int Rate, int Rooms, bool HasPlantedFault);

    private sealed record Sample(double PerSecond, double P50, double P99, double Busy);

    internal static async Task RunAsync(Plan plan, Report report)
    {
        await using var servers = await ChatServers.StartAsync();
        await using var database = NpgsqlDataSource.Create(servers.ConnectionString);
        await using (var make = database.CreateCommand(Peers))
        {
            await make.ExecuteNonQueryAsync();
        }

        var lines = new Lines(plan.Seed, plan.Rooms);
        await TakeAsync(servers, lines, plan.Window * WarmingWindows, rate: plan.Rate);
        await TakeAsync(servers, lines, plan.Window, rate: null);
        await InsertAsync(database, lines, plan.Window);
        await CopyAsync(database, lines, plan.Window);
        var (steady, most, single, copied) = (new List<Sample>(), new List<Sample>(), new List<double>(), new List<double>());
        for (var round = 0; round < plan.Rounds; round++)
        {
            steady.Add(await TakeAsync(servers, lines, plan.Steady, rate: plan.Rate));
            most.Add(await TakeAsync(servers, lines, plan.Window, rate: null));
            single.Add(await InsertAsync(database, lines, plan.Window));
            copied.Add(await CopyAsync(database, lines, plan.Window));
        }

        if (plan.HasPlantedFault)
        {
            await using var remove = database.CreateCommand("DELETE FROM chat.messages WHERE sequence = 2");
            await remove.ExecuteNonQueryAsync();
        }

        await AuditAsync(database, lines, report);
        report.Line($"{plan.Rounds} interleaved rounds, {plan.Steady.TotalSeconds} s at the rate and {plan.Window.TotalSeconds} s each otherwise, {plan.Rooms} rooms, {Gateways} gateways; medians");
        report.Line(
            $"  at {Report.Number(plan.Rate)} lines a second: {Report.Number(Median(steady, one => one.PerSecond))} acknowledged, p50 "
            + $"{Report.Milliseconds(Median(steady, one => one.P50))}, p99 {Report.Milliseconds(Median(steady, one => one.P99))} "
            + $"({string.Join(", ", steady.Select(one => Report.Milliseconds(one.P99)))}), Chat busy {Report.Share(Median(steady, one => one.Busy))} of a core");
        report.Line($"  as fast as they are taken: Chat busy {Report.Share(Median(most, one => one.Busy))} of a core");
        report.Figure(new Figure(
            "chat lines stored",
            "/s",
            IsMoreBetter: true,
            "20,000/s",
            new Dictionary<string, double>
            {
                [Contender.Clearway] = Median(most, one => one.PerSecond),
                ["single inserts"] = Report.Median(single),
                [Contender.Limit] = Report.Median(copied),
            }));
        report.Figure(new Figure(
            $"p99 to acknowledgement at {Report.Number(plan.Rate)} lines/s",
            "ms",
            IsMoreBetter: false,
            "10 ms",
            new Dictionary<string, double> { [Contender.Clearway] = Median(steady, one => one.P99) }));
        report.ExpectNoErrors(servers.Chat.LoggedErrors);
    }

    private static double Median(List<Sample> samples, Func<Sample, double> value) => Report.Median(samples.Select(value));

    /// <summary>Lines through the service, at a rate or as fast as it takes full batches.</summary>
    private static async Task<Sample> TakeAsync(ChatServers servers, Lines lines, TimeSpan window, int? rate)
    {
        var (began, processor) = (Stopwatch.GetTimestamp(), servers.Chat.ProcessorTime);
        var sent = await Task.WhenAll(Enumerable.Range(0, Gateways).Select(gateway => Task.Run(async () =>
        {
            var late = new List<double>();
            using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
            while (Stopwatch.GetElapsedTime(began) < window)
            {
                var due = rate is { } perSecond
                    ? (int)(Stopwatch.GetElapsedTime(began).TotalSeconds * perSecond / Gateways) - late.Count
                    : LargestBatch;
                if (due == 0)
                {
                    await clock.WaitForNextTickAsync();
                    continue;
                }

                var request = new AppendRequest { Messages = { lines.Of(gateway, Math.Min(due, LargestBatch)) } };
                var answer = await servers.History.AppendAsync(request);
                lines.Acknowledge(request.Messages, answer.Sequences);
                var acknowledged = Stopwatch.GetElapsedTime(began).TotalSeconds;
                for (var line = 0; line < request.Messages.Count; line++)
                {
                    var saidAt = rate is { } each ? (late.Count + 1.0) * Gateways / each : 0;
                    late.Add((acknowledged - saidAt) * 1000);
                }
            }

            return late;
        })));
        var took = Stopwatch.GetElapsedTime(began);
        var all = sent.SelectMany(late => late).Order().ToArray();
        return new Sample(
            all.Length / took.TotalSeconds,
            Report.Percentile(all, 0.5),
            Report.Percentile(all, 0.99),
            (servers.Chat.ProcessorTime - processor) / took);
    }

    private static async Task<double> InsertAsync(NpgsqlDataSource database, Lines lines, TimeSpan window)
    {
        var began = Stopwatch.GetTimestamp();
        var stored = await Task.WhenAll(Enumerable.Range(0, Inserters).Select(inserter => Task.Run(async () =>
        {
            await using var connection = await database.OpenConnectionAsync();
            await using var command = new NpgsqlCommand($"INSERT INTO peer.single {Columns} VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', now())", connection);
            var count = 0;
            for (; Stopwatch.GetElapsedTime(began) < window; count++)
            {
                var line = lines.Of(inserter, 1)[0];
                command.Parameters.Clear();
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = line.Tenant });
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = line.Room });
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = lines.Number() });
                command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.Parse(line.Id) });
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = line.SenderId });
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = line.SenderName });
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = line.Text });
                await command.ExecuteNonQueryAsync();
            }

            return count;
        })));
        return stored.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task<double> CopyAsync(NpgsqlDataSource database, Lines lines, TimeSpan window)
    {
        await using var connection = await database.OpenConnectionAsync();
        var (began, count) = (Stopwatch.GetTimestamp(), 0);
        while (Stopwatch.GetElapsedTime(began) < window)
        {
            await using var copy = await connection.BeginBinaryImportAsync($"COPY peer.copied {Columns} FROM STDIN (FORMAT BINARY)");
            foreach (var line in lines.Of(0, CopiedAtOnce))
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(line.Tenant);
                await copy.WriteAsync(line.Room);
                await copy.WriteAsync(lines.Number());
                await copy.WriteAsync(Guid.Parse(line.Id));
                await copy.WriteAsync(line.SenderId);
                await copy.WriteAsync(line.SenderName);
                await copy.WriteAsync(line.Text);
                await copy.WriteAsync("");
                await copy.WriteAsync("");
                await copy.WriteAsync(DateTime.UtcNow, NpgsqlDbType.TimestampTz);
            }

            await copy.CompleteAsync();
            count += CopiedAtOnce;
        }

        return count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task AuditAsync(NpgsqlDataSource database, Lines lines, Report report)
    {
        var (found, wrong) = (0, 0);
        await using var read = database.CreateCommand("SELECT id, room, sequence FROM chat.messages ORDER BY room, sequence");
        await using var reader = await read.ExecuteReaderAsync();
        var last = (Room: "", Sequence: 0L);
        while (await reader.ReadAsync())
        {
            var (id, room, sequence) = (reader.GetGuid(0), reader.GetString(1), reader.GetInt64(2));
            wrong += sequence == (room == last.Room ? last.Sequence : 0) + 1 && lines.IsAcknowledged(id, room, sequence) ? 0 : 1;
            last = (room, sequence);
            found++;
        }

        report.Line($"{Report.Number(lines.Acknowledged)} lines acknowledged, {Report.Number(found)} found, {wrong} of them out of order or not as acknowledged");
        report.Expect(found == lines.Acknowledged && wrong == 0, "acknowledged lines are missing, doubled or out of order");
    }

    /// <summary>What is said, and what was acknowledged.</summary>
    private sealed class Lines(int seed, int rooms)
    {
        private static readonly string[] _said =
        [
            "Hi all, can you hear me?", "The figures for the third quarter are on the next page.", "+1",
            "Давайте перенесём это на четверг, мне нужно ещё раз всё посчитать.", "I will send the minutes after the call.",
        ];

        private readonly Lock _gate = new();
        private readonly Random _random = new(seed); // guarded by _gate

        // guarded by _gate; without references, and large from the beginning, so that collecting garbage here is not what is measured
        private readonly Dictionary<Guid, (int Room, long Sequence)> _acknowledged = new(4_000_000);
        private long _number;

        internal int Acknowledged => _acknowledged.Count;

        /// <summary>A number that no other line of a peer's table has.</summary>
        internal long Number() => Interlocked.Increment(ref _number);

        internal ChatMessage[] Of(int sender, int count)
        {
            lock (_gate)
            {
                return [.. Enumerable.Range(0, count).Select(_ => new ChatMessage
                {
                    Id = Guid.CreateVersion7().ToString(),
                    Tenant = Tenant,
                    Room = $"room-{_random.Next(rooms)}",
                    SenderId = $"p-{sender}",
                    SenderName = "Ada",
                    Text = _said[_random.Next(_said.Length)],
                    SentAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
                })];
            }
        }

        internal void Acknowledge(IEnumerable<ChatMessage> messages, IEnumerable<long> sequences)
        {
            lock (_gate)
            {
                foreach (var (message, sequence) in messages.Zip(sequences))
                {
                    _acknowledged.Add(Guid.Parse(message.Id), (NumberOf(message.Room), sequence));
                }
            }
        }

        internal bool IsAcknowledged(Guid id, string room, long sequence) =>
            _acknowledged.TryGetValue(id, out var known) && known == (NumberOf(room), sequence);

        private static int NumberOf(string room) => int.Parse(room.AsSpan(room.IndexOf('-', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
    }
}
