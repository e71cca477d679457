using Clearway.LoadTest.Relay;
using Clearway.LoadTest.Servers;
using Clearway.LoadTest.Wire;

namespace Clearway.LoadTest.Campaigns;

/// <summary>Far more people than a room holds join it at once, through two nodes: exactly as many are let in as it holds, every time.</summary>
internal static class CapacityCampaign
{
    private static readonly TimeSpan _untilReturn = TimeSpan.FromSeconds(2);

    /// <summary>How it is run.</summary>
    internal sealed record Plan(int Seed, int Rounds, int Joiners, int Capacity, bool HasPlantedFault);

    internal static async Task RunAsync(Plan plan, Report report)
    {
        await using var servers = await ClearwayServers.StartAsync(new Setting { Nodes = 2, Gateway = Setting.Patient });
        var (admitted, full, other) = (new List<int>(), 0, new Dictionary<string, int>());
        for (var round = 0; round < plan.Rounds; round++)
        {
            var clients = await LoadThread.RunAsync(() => Race(plan, servers, round), isPinned: false);
            admitted.Add(clients.Count(client => client.IsIn));
            full += clients.Count(client => client.Error is "room_full");
            foreach (var client in clients.Where(client => !client.IsIn && client.Error is not "room_full"))
            {
                var outcome = client.Error ?? "no answer";
                other[outcome] = other.GetValueOrDefault(outcome) + 1;
            }
        }

        report.Line(
            $"{plan.Rounds} rounds, {plan.Joiners} joins each at a room of {plan.Capacity} over two nodes: admitted "
            + $"{string.Join(", ", admitted.CountBy(count => count).Select(count => $"{count.Key} in {count.Value} rounds"))}; "
            + $"{full} refused as full, other outcomes {other.Values.Sum()} {string.Join(", ", other)}");
        report.Expect(
            admitted.TrueForAll(count => count == plan.Capacity),
            $"{admitted.Count(count => count != plan.Capacity)} rounds did not admit exactly {plan.Capacity}");
        report.Expect(other.Count == 0, "somebody was neither admitted nor refused for capacity");
        report.ExpectNoErrors(servers.LoggedErrors);
    }

    private static List<(bool IsIn, string? Error)> Race(Plan plan, ClearwayServers servers, int round)
    {
        using var swarm = new Swarm(plan.Seed + round);
        var clients = new ClearwayClient[plan.Joiners];
        Join(swarm, servers, round, clients, Enumerable.Range(0, plan.Joiners));

        // Who is told that a service is away comes again, as browsers do.
        for (var attempt = 0; attempt < 3 && Array.Exists(clients, IsToReturn); attempt++)
        {
            swarm.RunFor(_untilReturn);
            Join(swarm, servers, round, clients, [.. clients.Where(IsToReturn).Select(client => client.Number)]);
        }

        // The planted fault takes one refusal for an admission.
        var outcomes = clients.Select(client => (client.IsReady, Code(client.Error))).ToList();
        if (plan.HasPlantedFault)
        {
            outcomes[outcomes.FindIndex(outcome => !outcome.IsReady)] = (true, null);
        }

        Contender.Leave(swarm, clients.Where(client => client.IsReady));
        return outcomes;
    }

    /// <summary>Connects some, and has them join when all of them are connected.</summary>
    private static void Join(Swarm swarm, ClearwayServers servers, int round, ClearwayClient[] clients, IEnumerable<int> numbers)
    {
        var some = numbers.ToArray();
        foreach (var number in some)
        {
            var token = servers.Tokens.Token(RoomTokens.Room("race", round), number);
            clients[number] = swarm.Connect(
                new ClearwayClient(token) { Number = number, JoinsAtOnce = false }, servers.Nodes[number % servers.Nodes.Count].Port);
        }

        if (!swarm.RunUntil(() => Array.TrueForAll(some, number => clients[number].IsConnected), TimeSpan.FromSeconds(9)))
        {
            throw new InvalidOperationException("Not every client got a connection.");
        }

        foreach (var number in some.OrderBy(_ => swarm.Random.Next()))
        {
            clients[number].Join();
        }

        swarm.RunUntil(() => Array.TrueForAll(some, number => clients[number].IsReady || !clients[number].IsOpen), TimeSpan.FromSeconds(60));
    }

    private static bool IsToReturn(ClearwayClient client) => Code(client.Error) is "unavailable" or "overloaded";

    /// <summary>The code of an error frame.</summary>
    private static string? Code(string? error)
    {
        const string Member = "\"code\":\"";
        var start = error?.IndexOf(Member, StringComparison.Ordinal) ?? -1;
        return start < 0 ? error : error![(start + Member.Length)..].Split('"')[0];
    }
}
