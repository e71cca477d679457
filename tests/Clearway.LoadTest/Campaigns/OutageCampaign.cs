using System.Diagnostics;
using System.Globalization;
using System.Text;
using Clearway.LoadTest.Relay;
using Clearway.LoadTest.Servers;
using Clearway.LoadTest.Wire;
using Npgsql;

namespace Clearway.LoadTest.Campaigns;

/// <summary>
/// The database is killed under a load of chat and comes back later. Meanwhile rooms talk on; when the node's queue is full, lines are refused
/// before anybody sees them. Afterwards the history has every line that was seen, once and in its sender's order, and no other.
/// </summary>
internal static class OutageCampaign
{
    private const int Talkers = 4;

    /// <summary>Lines that the gateway has taken out of its queue and not stored yet.</summary>
    private const int OnTheirWay = 256;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>How it is run; the rate in lines a second over all rooms, the capacity in lines that may wait in the gateway.</summary>
    internal sealed record Plan(int Seed, int Rooms, int Rate, TimeSpan Outage, int Capacity, bool HasPlantedFault);

    internal static async Task RunAsync(Plan plan, Report report)
    {
        var backend = await Backend.StartAsync(core: null);
        await using var servers = await ClearwayServers.StartAsync(
            new Setting
            {
                Gateway = new Dictionary<string, string>(Setting.Patient)
                {
                    ["Signaling__ArchiveCapacity"] = plan.Capacity.ToString(CultureInfo.InvariantCulture),
                },
            },
            backend);
        var talk = new Talk(plan);
        var talking = LoadThread.RunAsync(() => talk.Run(servers), isPinned: false);
        await Task.WhenAny(talk.Entered, talking);

        // No pool: it would hold connections of before the crash.
        await using var database = NpgsqlDataSource.Create(backend.Database.ConnectionString("postgres") + ";Pooling=false");
        var storedBefore = await StoredAsync(database, atLeast: plan.Rate);
        await backend.Database.CrashAsync();
        var before = servers.Gateway.ResidentBytes;
        var waiting = talk.Away() - storedBefore;
        await Task.Delay(plan.Outage);
        talk.Back();
        var grown = servers.Gateway.ResidentBytes - before;
        await backend.Database.RestartAsync();
        await StoredAsync(database, atLeast: await StoredAsync(database, atLeast: 0) + 1);
        talk.End();
        report.Expect(await talking, "a line neither came back nor was refused");
        var away = talk.Late.Order().ToArray();
        report.Line($"{plan.Rooms * Talkers} people in {plan.Rooms} rooms, {plan.Rate} lines a second; the database away for {plan.Outage.TotalSeconds} s");
        report.Line(
            $"  meanwhile {Report.Number(away.Length)} lines were seen, p99 {Report.Milliseconds(Report.Percentile(away, 0.99))} until the own line came back; "
            + $"{Report.Number(talk.Refused)} were refused as unavailable, where {Report.Number(plan.Capacity)} may wait; the node grew by {grown / 1024.0 / 1024:N0} MiB");
        var expected = plan.Rate * plan.Outage.TotalSeconds;
        report.Expect(away.Length >= 0.8 * Math.Min(expected, plan.Capacity - waiting), "the rooms did not talk on");
        report.Expect(away.Length <= plan.Capacity + OnTheirWay, "more lines were taken than may wait");
        report.Expect(talk.Refused > 0 || expected < plan.Capacity, "no line was refused, and more were said than may wait");
        await AuditAsync(plan, talk, database, report);
        report.ExpectNoErrors(servers.Gateway.LoggedErrors);
    }

    /// <summary>Waits until the history has so many lines, or for as long as is patient; how many it has then.</summary>
    private static async Task<long> StoredAsync(NpgsqlDataSource database, long atLeast)
    {
        var began = Stopwatch.GetTimestamp();
        await using var count = database.CreateCommand("SELECT count(*) FROM chat.messages");
        while (true)
        {
            var stored = (long)(await count.ExecuteScalarAsync())!;
            if (stored >= atLeast || Stopwatch.GetElapsedTime(began) > _patience)
            {
                return stored;
            }

            await Task.Delay(100);
        }
    }

    private static async Task AuditAsync(Plan plan, Talk talk, NpgsqlDataSource database, Report report)
    {
        var began = Stopwatch.GetTimestamp();
        await StoredAsync(database, talk.Seen.Count);
        report.Line($"  all were stored {Stopwatch.GetElapsedTime(began).TotalSeconds:N1} s after the last one was said");
        if (plan.HasPlantedFault)
        {
            await using var remove = database.CreateCommand("DELETE FROM chat.messages WHERE sequence = 2");
            await remove.ExecuteNonQueryAsync();
        }

        var (found, wrong, last) = (0, 0, new Dictionary<int, int>());
        await using var read = database.CreateCommand("SELECT text FROM chat.messages ORDER BY room, sequence");
        await using var reader = await read.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var isKnown = Talk.TryReadMark(Encoding.UTF8.GetBytes(reader.GetString(0)), out var mark) && talk.Seen.ContainsKey(mark);
            wrong += isKnown && mark.Number > last.GetValueOrDefault(mark.From, -1) ? 0 : 1;
            last[mark.From] = mark.Number;
            found++;
        }

        var unseen = talk.Seen.Values.Count(by => by != Talkers);
        report.Line($"  {Report.Number(talk.Seen.Count)} lines seen, {Report.Number(found)} stored, {wrong} of them unknown, doubled or out of order; {unseen} not seen by all");
        report.Expect(found == talk.Seen.Count && wrong == 0, "lines that were seen are missing, doubled or out of order");
        report.Expect(unseen == 0, "lines did not come to everybody in the room");
    }

    /// <summary>Everybody says a line in turn, and what is seen of them is noted.</summary>
    private sealed class Talk(Plan plan) : ITextSink
    {
        private readonly Dictionary<(int From, int Number), long> _saidAt = [];
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly int[] _said = new int[plan.Rooms * Talkers];
        private int _errors;
        private volatile int _seen;
        private volatile bool _isAway;
        private volatile bool _isEnding;

        /// <summary>Everybody is in the room.</summary>
        internal Task Entered => _entered.Task;

        /// <summary>By how many each line was seen.</summary>
        internal Dictionary<(int From, int Number), int> Seen { get; } = [];

        /// <summary>Milliseconds until lines came back to who said them while the database was away.</summary>
        internal List<double> Late { get; } = [];

        internal int Refused { get; private set; }

        /// <summary>From here to <see cref="Back"/> the database is away; answers how many lines were seen before.</summary>
        internal int Away()
        {
            _isAway = true;
            return _seen;
        }

        internal void Back() => _isAway = false;

        internal void End() => _isEnding = true;

        internal bool Run(ClearwayServers servers)
        {
            using var swarm = new Swarm(plan.Seed);
            RelayClient[] clients =
            [
                .. Enumerable.Range(0, _said.Length).Select(number => swarm.Connect(
                    new ClearwayClient(servers.Tokens.Token(RoomTokens.Room("outage", number / Talkers), number)) { Number = number, Sink = this },
                    servers.Gateway.Port)),
            ];
            if (!swarm.RunUntil(() => Array.TrueForAll(clients, client => client.IsReady), _patience))
            {
                throw new InvalidOperationException($"{clients.Count(client => client.IsReady)} of {clients.Length} were let in.");
            }

            _entered.SetResult();
            var (next, turn) = (Stopwatch.GetTimestamp(), 0);
            swarm.Run(now =>
            {
                for (; next <= now; next += Stopwatch.Frequency / plan.Rate)
                {
                    Say(clients[turn++ % clients.Length]);
                }

                return _isEnding ? null : next;
            });

            // Every line comes back, or an error in its place.
            return swarm.RunUntil(() => Seen.Count + _errors == turn && Seen.Values.All(by => by == Talkers), _patience);
        }

        public void Take(RelayClient receiver, ReadOnlySpan<byte> text)
        {
            if (text.StartsWith("{\"type\":\"error\""u8))
            {
                _errors++;
                Refused += text.IndexOf("\"unavailable\""u8) >= 0 ? 1 : 0;
            }
            else if (text.StartsWith("{\"type\":\"chat_broadcast\""u8) && TryReadMark(text, out var mark))
            {
                Seen[mark] = Seen.GetValueOrDefault(mark) + 1;
                _seen = Seen.Count;
                if (mark.From == receiver.Number && _isAway)
                {
                    Late.Add(Stopwatch.GetElapsedTime(_saidAt[mark]).TotalMilliseconds);
                }
            }
        }

        internal static bool TryReadMark(ReadOnlySpan<byte> text, out (int From, int Number) mark)
        {
            mark = default;
            var start = text.IndexOf((byte)'#');
            return start >= 0
                && text.Length - start >= 14
                && int.TryParse(text.Slice(start + 1, 6), CultureInfo.InvariantCulture, out mark.From)
                && int.TryParse(text.Slice(start + 8, 6), CultureInfo.InvariantCulture, out mark.Number);
        }

        private void Say(RelayClient from)
        {
            var number = _said[from.Number]++;
            _saidAt[(from.Number, number)] = Stopwatch.GetTimestamp();
            from.SendText(from.LineTo("", string.Create(CultureInfo.InvariantCulture, $"#{from.Number:D6}.{number:D6} Can we move this to Thursday?")));
        }
    }
}
