using System.Collections.Concurrent;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Connections;

/// <summary>The node's open connections.</summary>
internal sealed class OpenConnections
{
    private readonly ConcurrentDictionary<Outbox, byte> _open = [];
    private int _count;

    /// <summary>Whether the node takes no more connections.</summary>
    internal bool IsDraining { get; private set; }

    /// <summary>How many connections are open.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>Where what is sent over the open connections waits.</summary>
    internal ICollection<Outbox> All => _open.Keys;

    /// <summary>Counts a connection until the result is disposed.</summary>
    internal IDisposable Add(Outbox outbox)
    {
        _open[outbox] = 0;
        Interlocked.Increment(ref _count);
        if (IsDraining)
        {
            outbox.Close(CloseReason.ServerDraining);
        }

        return new Entry(this, outbox);
    }

    /// <summary>From now on new connections are closed at once.</summary>
    internal void TakeNoMore() => IsDraining = true;

    private sealed class Entry(OpenConnections connections, Outbox outbox) : IDisposable
    {
        public void Dispose()
        {
            connections._open.TryRemove(outbox, out _);
            Interlocked.Decrement(ref connections._count);
        }
    }
}
