using Clearway.Signaling.Policy;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Rooms;

/// <summary>How long a room may go on, and its end.</summary>
internal sealed partial class Room
{
    /// <summary>The room's place in the time wheel.</summary>
    private sealed class NextEvent(Room room) : WheelEntry(room.Id.GetHashCode())
    {
        internal override void OnDue() => room.OnDue();
    }

    private RoomPolicy? _policy; // guarded by _gate
    private NextEvent? _next; // guarded by _gate

    /// <summary>What the room may use; null until Redis told.</summary>
    internal RoomPolicy? Policy
    {
        get
        {
            lock (_gate)
            {
                return _policy;
            }
        }
    }

    /// <summary>
    /// The last session of this node is gone: who is in the room is not heard here any more, and is forgotten. False when nothing is left
    /// that is worth remembering.
    /// </summary>
    internal bool Rest()
    {
        lock (_gate)
        {
            _members.Clear();
            _departed.Clear();
            _missed.Clear();
            _welcomes.Clear();
            return _policy?.Deadline > time.GetUtcNow().ToUnixTimeMilliseconds();
        }
    }

    /// <summary>Gives the place in the time wheel up.</summary>
    internal void Retire()
    {
        lock (_gate)
        {
            if (_next is { } next)
            {
                wheel.Cancel(next);
            }
        }
    }

    private void Take(RoomPolicy policy)
    {
        if (policy.Deadline != 0 && _policy != policy)
        {
            _policy = policy;
            wheel.Set(_next ??= new NextEvent(this), policy.Deadline);
        }
    }

    private void OnDue()
    {
        lock (_gate)
        {
            if (_policy is not { } policy || policy.Deadline > time.GetUtcNow().ToUnixTimeMilliseconds())
            {
                return;
            }

            Log.RoomExpired(logger, id);
            End(ServerFrame.RoomClosed(), CloseReason.RoomExpired);
        }

        over(this);
    }

    // Every session of this node, with a last frame.
    private void End(ServerFrame last, CloseReason reason)
    {
        foreach (var session in _members.Values.Select(member => member.Session).OfType<Session>())
        {
            session.Post(last);
            session.Close(reason);
        }
    }
}
