using Clearway.Signaling.Cluster;

namespace Clearway.Signaling.Rooms;

/// <summary>The rooms that have a session on this node.</summary>
internal sealed class RoomDirectory(NodeIdentity node, ClusterOutbox cluster, TimeProvider time, SignalingMetrics metrics)
{
    private sealed class Lease(Room room)
    {
        internal Room Room => room;

        internal int Sessions { get; set; }
    }

    private readonly Lock _gate = new();
    private readonly Dictionary<RoomId, Lease> _rooms = []; // guarded by _gate

    /// <summary>Raised when a room's deadline has come.</summary>
    internal event Action<Room>? Expired;

    /// <summary>The room, for one session that gives it back with <see cref="Release"/>.</summary>
    internal Room Acquire(RoomId id)
    {
        lock (_gate)
        {
            if (!_rooms.TryGetValue(id, out var lease))
            {
                _rooms[id] = lease = new Lease(new Room(id, node, cluster, time, room => Expired?.Invoke(room)));
                metrics.RoomOpened();
            }

            lease.Sessions++;
            return lease.Room;
        }
    }

    /// <summary>Ends one session's interest; the last one retires the room on this node.</summary>
    internal void Release(Room room)
    {
        lock (_gate)
        {
            if (--_rooms[room.Id].Sessions == 0)
            {
                _rooms.Remove(room.Id);
                room.Retire();
                metrics.RoomRetired();
            }
        }
    }

    internal Room? Find(RoomId id)
    {
        lock (_gate)
        {
            return _rooms.GetValueOrDefault(id)?.Room;
        }
    }

    internal IReadOnlyList<Room> All()
    {
        lock (_gate)
        {
            return [.. _rooms.Values.Select(lease => lease.Room)];
        }
    }
}
