using System.Diagnostics;

namespace Clearway.LoadTest.Wire;

/// <summary>
/// Many clients on one thread: what comes is read, framed and handed to them as soon as it is there. Nothing in it allocates per message,
/// so that the client is not what is measured; <see cref="Waited"/> tells whether it was.
/// </summary>
internal sealed class Swarm : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(10);

    private readonly int _epoll = Kernel.CreateEpoll();
    private readonly byte[] _events = new byte[1024 * Kernel.EventBytes];
    private readonly byte[] _buffer = new byte[512 * 1024];
    private readonly Dictionary<int, Client> _clients = [];
    private long _waited;

    /// <summary>Makes mask keys and whatever else is random: a run can be repeated by its seed.</summary>
    internal Random Random { get; }

    internal Swarm(int seed) => Random = new Random(seed);

    /// <summary>Clients that are connected or connecting.</summary>
    internal int Open => _clients.Count;

    /// <summary>Time spent waiting for events, in units of <see cref="Stopwatch"/>: the rest of a run the client was busy.</summary>
    internal TimeSpan Waited => TimeSpan.FromSeconds(_waited / (double)Stopwatch.Frequency);

    /// <summary>Connects a client; it learns of its success when the swarm runs.</summary>
    internal T Connect<T>(T client, int port)
        where T : Client
    {
        var handle = Kernel.Connect(_epoll, port);
        _clients.Add(handle, client);
        client.Begin(this, handle, port);
        return client;
    }

    /// <summary>Runs until a condition holds.</summary>
    /// <returns>Whether it came to hold in time.</returns>
    internal bool RunUntil(Func<bool> holds, TimeSpan longest)
    {
        var end = Stopwatch.GetTimestamp() + (long)(longest.TotalSeconds * Stopwatch.Frequency);
        Run(now => holds() || now >= end ? null : end);
        return holds();
    }

    /// <summary>Runs for so long.</summary>
    internal void RunFor(TimeSpan length)
    {
        var end = Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency);
        Run(now => now >= end ? null : end);
    }

    /// <summary>Runs by a plan.</summary>
    /// <param name="plan">
    /// Called between events with the time; does what is due and answers when it wants to be called at the latest, or null to end the run.
    /// </param>
    internal void Run(Func<long, long?> plan)
    {
        while (plan(Stopwatch.GetTimestamp()) is { } next)
        {
            var began = Stopwatch.GetTimestamp();
            var wait = TimeSpan.FromSeconds(Math.Max(0, next - began) / (double)Stopwatch.Frequency);
            var count = Kernel.Wait(_epoll, _events, wait < LongestWait ? wait : LongestWait);
            _waited += Stopwatch.GetTimestamp() - began;
            for (var i = 0; i < count; i++)
            {
                var (handle, ready) = Kernel.Event(_events, i);
                if (_clients.TryGetValue(handle, out var client))
                {
                    client.Take(ready, _buffer);
                }
            }
        }
    }

    /// <summary>Resets every connection.</summary>
    internal void Clear()
    {
        foreach (var client in _clients.Values.ToArray())
        {
            client.Abort();
        }
    }

    public void Dispose()
    {
        Clear();
        Kernel.Close(_epoll);
    }

    internal void Forget(int handle) => _clients.Remove(handle);
}
