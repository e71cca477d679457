using System.Diagnostics;
using Clearway.LoadTest.Campaigns;
using Clearway.LoadTest.Relay;
using Clearway.LoadTest.Servers;
using Clearway.LoadTest.Wire;

namespace Clearway.LoadTest.Fuzz;

/// <summary>Changed frames by the hundred thousand, while pairs in other rooms talk and must notice nothing.</summary>
internal static class FuzzCampaign
{
    private const int Pairs = 20;
    private const int PairsPerSecond = 200;
    private const int FirstAttacker = 1_000_000;
    private static readonly TimeSpan _silence = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _longestHang = TimeSpan.FromSeconds(10);

    /// <summary>How it is run.</summary>
    internal sealed record Plan(int Seed, int Frames, int Attackers, bool HasPlantedFault);

    internal static async Task RunAsync(Plan plan, Report report)
    {
        await using var servers = await ClearwayServers.StartAsync(new Setting
        {
            // The flood limit would end each attack after two hundred frames; here the frames themselves are meant.
            Gateway = new Dictionary<string, string>(Setting.Patient) { ["Signaling__MaxFramesPerSecond"] = "100000" },
        });
        await LoadThread.RunAsync(() => new Siege(plan, servers, report).Run(), isPinned: false);
        report.ExpectNoErrors(servers.LoggedErrors);
    }

    private sealed class Siege(Plan plan, ClearwayServers servers, Report report)
    {
        private readonly Dictionary<string, int> _ends = [];
        private readonly Bystanding _bystanding = new(number => number / 2, plan.HasPlantedFault ? 1_000 : 0);
        private int _attackers;
        private int _silent;
        private long _frames;

        internal bool Run()
        {
            using var swarm = new Swarm(plan.Seed);
            var pairs = Enumerable.Range(0, Pairs * 2).Select(number => swarm.Connect(
                new ClearwayClient(servers.Tokens.Token(RoomTokens.Room("calm", number / 2), number)) { Number = number, Sink = _bystanding },
                servers.Gateway.Port)).ToArray();
            if (!swarm.RunUntil(() => Array.TrueForAll(pairs, client => client.IsReady), TimeSpan.FromSeconds(20)))
            {
                throw new InvalidOperationException("The bystanders did not get in.");
            }

            var began = Stopwatch.GetTimestamp();
            Attack(swarm, pairs);
            var took = Stopwatch.GetElapsedTime(began);
            swarm.RunUntil(() => _bystanding.Audit.Lost == 0, TimeSpan.FromSeconds(5));

            report.Line(
                $"{Report.Number(_frames)} changed frames over {Report.Number(_attackers)} connections in {took.TotalSeconds:F0} s; they ended with "
                + string.Join(", ", _ends.OrderByDescending(end => end.Value).Select(end => $"{end.Key} {end.Value}")));
            report.Line($"bystanders: {_bystanding.Audit}, {_bystanding.Foreign.Count} foreign frames, slowest {Report.Milliseconds(_bystanding.Slowest.TotalMilliseconds)}");
            report.Expect(_frames >= plan.Frames, $"only {_frames} frames were sent");
            report.Expect(_bystanding.Audit.IsClean, $"bystanders: {_bystanding.Audit}");
            report.Expect(_bystanding.Foreign.Count == 0, $"a frame came from another room: {_bystanding.Foreign.FirstOrDefault()}");
            report.Expect(_bystanding.Slowest < _longestHang, $"a bystander waited {_bystanding.Slowest.TotalSeconds:F1} s");
            report.Expect(Array.TrueForAll(pairs, client => client.IsOpen), "a bystander was thrown out");
            ExpectCalm(swarm);
            Contender.Leave(swarm, pairs);
            return true;
        }

        private void Attack(Swarm swarm, ClearwayClient[] pairs)
        {
            // Ids of their own room, and of the bystanders: nothing they send may get there.
            var targets = Enumerable.Range(0, 4).Select(i => RoomTokens.Participant(FirstAttacker + i))
                .Concat(pairs.Take(4).Select(client => RoomTokens.Participant(client.Number))).Append("p-nobody").ToArray();
            var mutator = new Mutator(swarm.Random, Repository.WireExamples, targets);
            var attackers = new List<Attacker>();
            var next = Stopwatch.GetTimestamp();
            var deadline = next + 1800 * Stopwatch.Frequency;
            swarm.Run(now =>
            {
                for (; next <= now; next += Stopwatch.Frequency / PairsPerSecond)
                {
                    _bystanding.Say(swarm, pairs);
                }

                for (var i = attackers.Count - 1; i >= 0; i--)
                {
                    var attacker = attackers[i];

                    // Waiting for the rest of a frame that never comes is right; the join timeout and keep-alive would end it.
                    var isSilent = attacker.IsOpen && now - attacker.LastProgress > _silence.TotalSeconds * Stopwatch.Frequency * (attacker.Sent > 0 ? 1 : 20);
                    if (!attacker.IsOpen || isSilent)
                    {
                        End(attacker, isSilent);
                        attackers.RemoveAt(i);
                    }
                }

                while (attackers.Count < plan.Attackers && _frames + attackers.Sum(attacker => attacker.Sent) < plan.Frames)
                {
                    attackers.Add(swarm.Connect(NewAttacker(swarm.Random, mutator), servers.Gateway.Port));
                }

                return attackers.Count > 0 && now < deadline ? next : null;
            });
        }

        private Attacker NewAttacker(Random random, Mutator mutator)
        {
            var number = _attackers++;

            // Four to a room, whose ids are the same in every room; some are organizers; some never join.
            var role = (number % 4) switch { 0 => "organizer", 1 => "moderator", 2 => "participant", _ => "observer" };
            var token = random.Next(10) == 0
                ? null
                : servers.Tokens.Token(RoomTokens.Room("fuzz", number / 4), FirstAttacker + number % 4, role);
            return new Attacker(token, mutator, random.Next(20, 400));
        }

        private void End(Attacker attacker, bool isSilent)
        {
            _frames += attacker.Sent;
            var end = isSilent ? "silence" : attacker.CloseCode is { } code ? $"{code}" : "us";
            if (isSilent && attacker.Sent == 0)
            {
                _silent++;
                report.Line($"a join got no answer; what was told last: {attacker.LastTold}");
            }

            _ends[end] = _ends.GetValueOrDefault(end) + 1;
            attacker.Abort();
        }

        /// <summary>The gateway is there, lets people in at once, and does not turn in circles.</summary>
        private void ExpectCalm(Swarm swarm)
        {
            swarm.RunFor(TimeSpan.FromSeconds(2));
            var (time, began) = (servers.Gateway.ProcessorTime, Stopwatch.GetTimestamp());
            swarm.RunFor(TimeSpan.FromSeconds(2));
            var busy = (servers.Gateway.ProcessorTime - time) / Stopwatch.GetElapsedTime(began);
            var guest = swarm.Connect(
                new ClearwayClient(servers.Tokens.Token(RoomTokens.Room("late", 0), 999)) { Number = 999 }, servers.Gateway.Port);
            var isIn = swarm.RunUntil(() => guest.IsReady, TimeSpan.FromSeconds(5));
            guest.Leave();
            swarm.RunUntil(() => !guest.IsOpen, TimeSpan.FromSeconds(5));
            report.Line($"afterwards: busy {Report.Share(busy)}, a newcomer is {(isIn ? "let in" : "kept waiting")}; {_silent} joins were not answered");
            report.Expect(busy < 0.5, $"the gateway is busy by {Report.Share(busy)} with nothing to do");
            report.Expect(isIn, "nobody is let in any more");
            report.Expect(_silent == 0, $"{_silent} connections got no answer to their join");
        }
    }
}
