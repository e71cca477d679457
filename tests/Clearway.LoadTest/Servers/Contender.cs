using Clearway.LoadTest.Relay;
using Clearway.LoadTest.Wire;

namespace Clearway.LoadTest.Servers;

/// <summary>A server in a comparison, and how its clients speak.</summary>
/// <param name="Name">As it is printed.</param>
/// <param name="Ports">Where it listens; client n goes to the nth of them, and around.</param>
/// <param name="Processes">What is measured of it: its own process first.</param>
/// <param name="Client">Makes client n.</param>
internal sealed record Contender(
    string Name, IReadOnlyList<int> Ports, IReadOnlyList<Running> Processes, Func<int, ITextSink?, RelayClient> Client)
{
    internal const string Clearway = "Clearway";
    internal const string Limit = "bare epoll relay in C";

    /// <summary>Whether a client can reach any other, and not its partner alone.</summary>
    internal bool ReachesAll => Name != Limit;

    internal static Contender Of(string name, Running server, Func<int, ITextSink?, RelayClient> client) =>
        new(name, [server.Port], [server], client);

    /// <summary>Connects client n and no more.</summary>
    internal RelayClient Connect(Swarm swarm, int number, ITextSink? sink) =>
        swarm.Connect(Client(number, sink), Ports[number % Ports.Count]);

    /// <summary>Brings clients 0 to count - 1 in, some at a time.</summary>
    /// <exception cref="InvalidOperationException">The server did not take all of them.</exception>
    internal RelayClient[] Enter(Swarm swarm, int count, ITextSink? sink, int atOnce = 100)
    {
        var clients = new RelayClient[count];
        var (connected, ready) = (0, 0);
        var isIn = swarm.RunUntil(
            () =>
            {
                while (ready < connected && (clients[ready].IsReady || !clients[ready].IsOpen))
                {
                    ready++;
                }

                for (; connected < count && connected - ready < atOnce; connected++)
                {
                    clients[connected] = Connect(swarm, connected, sink);
                }

                return ready == count;
            },
            TimeSpan.FromSeconds(120));
        var outside = clients.Where(client => client is not { IsReady: true, IsOpen: true }).ToList();
        return isIn && outside.Count == 0
            ? clients
            : throw new InvalidOperationException(
                $"{Name} did not take in {outside.Count} of {count} clients: {(outside.FirstOrDefault() as ClearwayClient)?.Error}, {outside.FirstOrDefault()?.CloseCode}");
    }

    /// <summary>Ends all sessions, so that the server has none to keep for a return.</summary>
    internal static void Leave(Swarm swarm, IEnumerable<RelayClient> clients)
    {
        foreach (var client in clients)
        {
            client.Leave();
        }

        swarm.RunUntil(() => swarm.Open == 0, TimeSpan.FromSeconds(10));
        swarm.Clear();
    }
}
