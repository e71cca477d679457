using Clearway.Signaling.Cluster;
using Clearway.Signaling.Policy;
using Microsoft.Extensions.Options;

namespace Clearway.Signaling.Rooms;

/// <summary>
/// The rooms of this node, in shards by the hash of their id. A room with a session here is in use; one whose last session went is idle:
/// it keeps its policy, its warnings and its place in the time wheel until it is due, so that a comeback costs no more than the session,
/// and a room that Redis forgets meanwhile keeps its deadline. Each shard remembers so many idle rooms, those used last.
/// </summary>
internal sealed class RoomDirectory
{
    /// <summary>Idle rooms a shard remembers.</summary>
    internal const int MaxIdlePerShard = 1_000;

    private sealed class Lease(Room room)
    {
        internal Room Room => room;

        internal int Sessions { get; set; }

        /// <summary>The place among the idle rooms; null while the room is in use.</summary>
        internal LinkedListNode<Lease>? Idle { get; set; }
    }

    private sealed class Shard
    {
        internal Lock Gate { get; } = new();

        internal Dictionary<RoomId, Lease> Rooms { get; } = []; // guarded by Gate

        internal LinkedList<Lease> Idle { get; } = []; // guarded by Gate; the one used last is the last
    }

    private readonly Shard[] _shards = [.. Enumerable.Range(0, TimeWheel.Shards).Select(_ => new Shard())];
    private readonly NodeIdentity _node;
    private readonly ClusterOutbox _cluster;
    private readonly TimeWheel _wheel;
    private readonly TimeProvider _time;
    private readonly SignalingOptions _options;
    private readonly SignalingMetrics _metrics;
    private readonly ILogger<Room> _logger;

    public RoomDirectory(
        NodeIdentity node,
        ClusterOutbox cluster,
        TimeWheel wheel,
        TimeProvider time,
        IOptions<SignalingOptions> options,
        SignalingMetrics metrics,
        ILogger<Room> logger)
    {
        (_node, _cluster, _wheel, _time, _options, _metrics, _logger) = (node, cluster, wheel, time, options.Value, metrics, logger);
        metrics.ObserveIdleRooms(() => _shards.Sum(shard =>
        {
            lock (shard.Gate)
            {
                return shard.Idle.Count;
            }
        }));
    }

    /// <summary>The room, for one session that gives it back with <see cref="Release"/>.</summary>
    internal Room Acquire(RoomId id)
    {
        var shard = ShardOf(id);
        lock (shard.Gate)
        {
            if (!shard.Rooms.TryGetValue(id, out var lease))
            {
                shard.Rooms[id] = lease = new Lease(new Room(id, _node, _cluster, _wheel, Forget, _time, _options, _logger));
            }

            if (lease.Idle is { } idle)
            {
                shard.Idle.Remove(idle);
                lease.Idle = null;
            }

            if (lease.Sessions++ == 0)
            {
                _metrics.RoomOpened();
            }

            return lease.Room;
        }
    }

    /// <summary>Ends one session's interest; after the last one the room is idle.</summary>
    internal void Release(Room room)
    {
        var shard = ShardOf(room.Id);
        lock (shard.Gate)
        {
            var lease = shard.Rooms[room.Id];
            if (--lease.Sessions > 0)
            {
                return;
            }

            _metrics.RoomRetired();
            if (!room.Rest())
            {
                shard.Rooms.Remove(room.Id);
                return;
            }

            lease.Idle = shard.Idle.AddLast(lease);
            if (shard.Idle.Count > MaxIdlePerShard)
            {
                var oldest = shard.Idle.First!.Value;
                shard.Idle.RemoveFirst();
                shard.Rooms.Remove(oldest.Room.Id);
                oldest.Room.Retire();
            }
        }
    }

    /// <summary>The room, if it is in use.</summary>
    internal Room? Find(RoomId id)
    {
        var shard = ShardOf(id);
        lock (shard.Gate)
        {
            return shard.Rooms.GetValueOrDefault(id) is { Idle: null } lease ? lease.Room : null;
        }
    }

    /// <summary>The rooms in use, and where <paramref name="idle"/> is true also the others.</summary>
    internal IReadOnlyList<Room> All(bool idle = false)
    {
        var rooms = new List<Room>();
        foreach (var shard in _shards)
        {
            lock (shard.Gate)
            {
                rooms.AddRange(shard.Rooms.Values.Where(lease => idle || lease.Idle is null).Select(lease => lease.Room));
            }
        }

        return rooms;
    }

    // Of an idle room whose time is over.
    private void Forget(Room room)
    {
        var shard = ShardOf(room.Id);
        lock (shard.Gate)
        {
            if (shard.Rooms.GetValueOrDefault(room.Id) is { Idle: { } idle } lease && lease.Room == room)
            {
                shard.Idle.Remove(idle);
                shard.Rooms.Remove(room.Id);
                room.Retire();
            }
        }
    }

    private Shard ShardOf(RoomId id) => _shards[(uint)id.GetHashCode() % TimeWheel.Shards];
}
