using System.Diagnostics;
using System.Text;
using Clearway.LoadTest.Relay;
using Clearway.LoadTest.Servers;
using Clearway.LoadTest.Wire;

namespace Clearway.LoadTest.Campaigns;

/// <summary>
/// A node is killed in the middle of the traffic: everyone who was on it resumes on the other one, as browsers do, at a random moment of
/// the first half second; and afterwards nothing is lost any more.
/// </summary>
internal static class KillCampaign
{
    private const int RoomSize = 10;
    private const int Rate = 500;
    private static readonly TimeSpan _goal = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _longestBackOff = TimeSpan.FromMilliseconds(500);

    /// <summary>How it is run.</summary>
    internal sealed record Plan(int Seed, int Kills, int Participants, bool HasPlantedFault);

    internal static async Task RunAsync(Plan plan, Report report)
    {
        await using var servers = await ClearwayServers.StartAsync(new Setting { Nodes = 2, Gateway = Setting.Patient });
        var crowd = new Crowd(plan, servers);
        await LoadThread.RunAsync(crowd.Enter, isPinned: false);
        for (var kill = 0; kill < plan.Kills; kill++)
        {
            var killed = servers.Nodes[^2];
            var (resumed, late, lost) = await LoadThread.RunAsync(() => crowd.Survive(killed, servers.Nodes[^1]), isPinned: false);
            report.Line(
                $"kill {kill + 1}: {resumed.Length} of {late.Count + resumed.Length} sessions resumed: p50 {Report.Milliseconds(Report.Percentile(resumed, 0.5))}, "
                + $"p99 {Report.Milliseconds(Report.Percentile(resumed, 0.99))}, last {Report.Milliseconds(Report.Percentile(resumed, 1))}; then {lost}");
            report.Expect(resumed.Length > 0, "nobody was on the killed node");
            report.Expect(late.Count == 0, $"{late.Count} sessions did not resume within {_goal.TotalSeconds} s: {late.FirstOrDefault()}");
            report.Expect(lost.IsClean, $"after it: {lost}");
            await servers.StartNodeAsync();
        }

        crowd.Dispose();
        report.ExpectNoErrors(servers.LoggedErrors);
    }

    /// <summary>Participants that come back.</summary>
    private sealed class Crowd(Plan plan, ClearwayServers servers) : ITextSink, IDisposable
    {
        private readonly Swarm _swarm = new(plan.Seed);
        private readonly string[] _tokens = new string[plan.Participants];
        private readonly ClearwayClient[] _clients = new ClearwayClient[plan.Participants];
        private readonly int[] _ports = new int[plan.Participants];
        private SequenceAudit _audit = new(number => number / RoomSize);

        internal bool Enter()
        {
            for (var number = 0; number < plan.Participants; number++)
            {
                _tokens[number] = servers.Tokens.Token(RoomTokens.Room("kill", number / RoomSize), number);
                _ports[number] = servers.Nodes[number % 2].Port;
                _clients[number] = _swarm.Connect(new ClearwayClient(_tokens[number]) { Number = number, Sink = this }, _ports[number]);
            }

            return _swarm.RunUntil(() => Array.TrueForAll(_clients, client => client.IsReady), TimeSpan.FromSeconds(30))
                ? true
                : throw new InvalidOperationException("Not everybody got in.");
        }

        /// <summary>Kills a node and brings everyone over.</summary>
        /// <returns>Milliseconds until each was resumed, who was not, and the audit of the time after.</returns>
        internal (double[] Resumed, List<string> Late, SequenceAudit After) Survive(Running killed, Running other)
        {
            Talk(TimeSpan.FromSeconds(2));
            var moved = _clients.Where(client => _ports[client.Number] == killed.Port).ToDictionary(client => client.Number);
            Kernel.Kill(killed.Id);
            var (began, next) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp());
            var back = new PriorityQueue<int, long>();
            foreach (var number in moved.Keys)
            {
                back.Enqueue(number, began + (long)(_swarm.Random.NextDouble() * _longestBackOff.TotalSeconds * Stopwatch.Frequency));
            }

            var end = began + (long)(_goal.TotalSeconds * Stopwatch.Frequency);
            _swarm.Run(now =>
            {
                while (back.TryPeek(out var number, out var due) && due <= now)
                {
                    back.Dequeue();
                    Return(number, other.Port);
                }

                for (; next <= now; next += Stopwatch.Frequency / Rate)
                {
                    SayOne();
                }

                var isDone = back.Count == 0 && moved.Keys.All(number => _clients[number].IsReady || !_clients[number].IsOpen);
                return isDone || now >= end ? null : next;
            });
            var resumed = moved.Keys.Select(number => _clients[number]).Where(client => client.IsReady && client.IsResumed)
                .Select(client => (client.ReadyAt - began) * 1000.0 / Stopwatch.Frequency).Order().ToArray();
            var late = moved.Keys.Select(number => _clients[number]).Where(client => !client.IsReady || !client.IsResumed)
                .Select(client => client.Error ?? (client.IsReady ? "a new session" : "no answer")).ToList();

            // What was under way when the node died may be lost; from now on nothing may.
            _swarm.RunFor(TimeSpan.FromSeconds(2));
            _audit = new SequenceAudit(number => number / RoomSize);
            Talk(TimeSpan.FromSeconds(2));
            return (resumed, late, _audit);
        }

        public void Take(RelayClient receiver, ReadOnlySpan<byte> text) => _audit.Take(receiver, text);

        public void Dispose() => _swarm.Dispose();

        private void Return(int number, int port)
        {
            // The planted fault: some come back with an id that was never given out.
            var resume = plan.HasPlantedFault && number % 50 == 0 ? "c-" + new string('a', 24) : _clients[number].Resume;
            _ports[number] = port;
            _clients[number].Abort();
            _clients[number] = _swarm.Connect(new ClearwayClient(_tokens[number], resume) { Number = number, Sink = this }, port);
        }

        private void Talk(TimeSpan length)
        {
            var next = Stopwatch.GetTimestamp();
            var end = next + (long)(length.TotalSeconds * Stopwatch.Frequency);
            _swarm.Run(now =>
            {
                for (; next <= now; next += Stopwatch.Frequency / Rate)
                {
                    SayOne();
                }

                return now >= end ? null : next;
            });
            _swarm.RunUntil(() => _audit.Lost == 0, TimeSpan.FromSeconds(3));
        }

        private void SayOne()
        {
            var from = _clients[_swarm.Random.Next(_clients.Length)];
            var place = from.Number % RoomSize;
            var to = _clients[from.Number - place + (place + 1 + _swarm.Random.Next(RoomSize - 1)) % RoomSize];
            if (from.IsReady)
            {
                from.Send(Framing.Masked(
                    Framing.Text, Encoding.UTF8.GetBytes(from.OfferTo(to, _audit.Mark(from.Number, to.Number, 0))), _swarm.Random));
            }
        }
    }
}
