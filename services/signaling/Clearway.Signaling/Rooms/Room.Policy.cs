using Clearway.Signaling.Policy;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Rooms;

/// <summary>What a room may use, how long it may go on, and its end.</summary>
internal sealed partial class Room
{
    /// <summary>The room's place in the time wheel.</summary>
    private sealed class NextEvent(Room room) : WheelEntry(room.Id.GetHashCode())
    {
        internal override void OnDue() => room.OnDue();
    }

    /// <summary>Minutes before the deadline at which everybody is told.</summary>
    private static readonly int[] Warnings = [5, 1];

    private PolicyState _policy; // guarded by _gate
    private BandwidthAdvice? _advice; // guarded by _gate
    private NextEvent? _next; // guarded by _gate
    private int _warned = int.MaxValue; // guarded by _gate; minutes of the last warning of this deadline

    /// <summary>What the room may use; without a policy until Redis told.</summary>
    internal PolicyState Policy
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
            _logs.Clear();
            _welcomes.Clear();
            _knocking.Clear();
            return _policy.Policy?.Deadline > time.GetUtcNow().ToUnixTimeMilliseconds();
        }
    }

    /// <summary>Gives the place in the time wheel up.</summary>
    internal void Retire()
    {
        lock (_gate)
        {
            Unschedule();
        }
    }

    private void Take(PolicyState state)
    {
        var before = _policy.Policy;
        if (state.Policy is not { } policy || state.Revision <= _policy.Revision)
        {
            return;
        }

        _policy = state;
        if (policy.EndedBy.Length > 0)
        {
            Unschedule();
            End();
            return;
        }

        if (policy.Deadline != before?.Deadline)
        {
            _warned = int.MaxValue;
            Schedule(policy);
        }

        if (before is null)
        {
            _advice = BandwidthAdvice.For(policy, _members.Count, options.Advice);
            return;
        }

        if (policy.PausedAt != before.PausedAt)
        {
            Show(policy.IsPaused ? ServerFrame.RoomPaused(policy) : ServerFrame.RoomResumed(policy), except: null);
        }

        _advice = BandwidthAdvice.For(policy, _members.Count, options.Advice);
        Show(ServerFrame.RoomPolicy(policy, _advice, policy.By), except: null);
    }

    /// <summary>Looks whether the number of participants changes what everybody should send.</summary>
    private void Advise()
    {
        if (_policy.Policy is { } policy && BandwidthAdvice.For(policy, _members.Count, options.Advice) is var advice && advice != _advice)
        {
            _advice = advice;
            Show(ServerFrame.RoomPolicy(policy, advice, by: null), except: null);
        }
    }

    // A warning whose time had passed when the deadline became known is not given: welcome and room_policy told the deadline.
    private void Schedule(RoomPolicy policy)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var next = Warnings
            .Where(minutes => minutes < _warned)
            .Select(minutes => policy.Deadline - (minutes * 60_000L))
            .FirstOrDefault(at => at > now, policy.Deadline);
        wheel.Set(_next ??= new NextEvent(this), next);
    }

    private void Unschedule()
    {
        if (_next is { } next)
        {
            wheel.Cancel(next);
        }
    }

    private void OnDue()
    {
        lock (_gate)
        {
            if (_policy.Policy is not { } policy)
            {
                return;
            }

            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            if (policy.Deadline > now)
            {
                Warn(policy, now);
                Schedule(policy);
                return;
            }

            End();
        }

        over(this);
    }

    private void Warn(RoomPolicy policy, long now)
    {
        // The deadline may have moved between the wheel's noticing and this.
        var isDue = _next!.Due <= now && _next.Due < policy.Deadline;
        var minutes = Warnings.LastOrDefault(minutes => policy.Deadline - now <= minutes * 60_000L, int.MaxValue);
        if (isDue && minutes < _warned)
        {
            _warned = minutes;
            Show(ServerFrame.RoomExpiring(policy.Deadline, minutes), except: null);
        }
    }

    // Every session of this node, those in the lobby included.
    private void End()
    {
        var isEnded = _policy.Policy!.EndedBy.Length > 0;
        Log.RoomOver(logger, id, isEnded ? "ended" : "expired");
        var last = ServerFrame.RoomClosed(isEnded ? "ended" : "expired");
        foreach (var session in _members.Values.Select(member => member.Session).OfType<Session>())
        {
            session.Post(last);
            session.Close(isEnded ? CloseReason.RoomEnded : CloseReason.RoomExpired);
        }

        foreach (var waiting in _waiting.Values)
        {
            waiting.Retry();
        }
    }
}
