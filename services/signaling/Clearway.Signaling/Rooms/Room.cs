using Clearway.Signaling.Cluster;
using Clearway.Signaling.Connections;
using Clearway.Signaling.Policy;
using Clearway.Signaling.Protocol;
using IceServer = Clearway.Auth.V1.IceServer;

namespace Clearway.Signaling.Rooms;

/// <summary>
/// A room as this node knows it: everyone's roster entry, and the sessions that are connected here. What participants are told
/// follows from how an entry differs from the one before, so a change reads the same whether it was made here, came from another node or
/// was found in Redis.
/// </summary>
internal sealed partial class Room(
    RoomId id,
    NodeIdentity node,
    ClusterOutbox cluster,
    TimeWheel wheel,
    Action<Room> over,
    TimeProvider time,
    SignalingOptions options,
    ILogger<Room> logger)
{
    private sealed class Member
    {
        internal required RosterEntry Entry { get; set; }

        internal Session? Session { get; set; }

        internal ParticipantRates? Rates { get; set; }
    }

    // Entries of those who left are remembered for as long as late news of them may arrive.
    private const int MaxDeparted = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<ParticipantId, Member> _members = new(ParticipantIdComparer.Instance); // guarded by _gate
    private string[]? _otherNodes; // guarded by _gate; null when the entries changed
    private readonly Dictionary<ParticipantId, Session> _expected = []; // guarded by _gate
    private readonly Dictionary<ParticipantId, long> _departed = []; // guarded by _gate
    private readonly Dictionary<ConnectionId, SessionLog> _logs = []; // guarded by _gate
    private readonly Dictionary<ConnectionId, Welcome> _welcomes = []; // guarded by _gate
    private RecordingState _recording; // guarded by _gate
    private OrdersState _orders = new(RoomOrders.None, 0); // guarded by _gate

    internal RoomId Id => id;

    /// <summary>Announces a session before Redis is asked to admit it: frames for it may arrive before the answer does.</summary>
    internal void Expect(Session session)
    {
        lock (_gate)
        {
            foreach (var frame in _expected.GetValueOrDefault(session.Id)?.TakeHeld() ?? [])
            {
                session.Post(frame);
            }

            _expected[session.Id] = session;
        }
    }

    /// <summary>Takes an announcement back: what came for the session is the participant's still, and kept with the session that stands.</summary>
    internal void Forget(Session session)
    {
        lock (_gate)
        {
            EndExpecting(session);
            if (_members.TryGetValue(session.Id, out var member) && member.Session != session)
            {
                foreach (var frame in session.TakeHeld())
                {
                    Deliver(member, frame, isForwarded: true);
                }
            }

            _welcomes.Remove(session.Connection);
            _logs.Remove(session.Connection);
        }
    }

    /// <summary>
    /// Seats an admitted session and writes its welcome; nothing is sent to it before <see cref="Open"/>.
    /// </summary>
    /// <returns>
    /// The entry, the other nodes that have to hear of it, and whether another node still has to hand over what the older connection
    /// missed; null when a newer connection was seated meanwhile, or the participant was taken out.
    /// </returns>
    internal (RosterEntry Entry, string[] Nodes, bool IsHandoverDue)? Seat(
        Session session, Admission admission, IReadOnlyList<IceServer> iceServers)
    {
        lock (_gate)
        {
            var snapshot = admission.Snapshot!;
            var entry = snapshot.Entries.First(line => line.Id == session.Id);
            var older = _members.GetValueOrDefault(session.Id);
            if (older is not null && older.Entry.Revision > entry.Revision)
            {
                return null;
            }

            Take(snapshot);
            if (!_members.TryGetValue(session.Id, out var seat))
            {
                return null;
            }

            seat.Session = session;
            session.Rates = seat.Rates ??= session.Rates;
            EndExpecting(session);
            var welcome = new Welcome(
                entry,
                id,
                session.Title,
                [
                    .. _members.Values
                        .Where(member => member.Entry.Id != session.Id)
                        .Select(member => member.Entry)
                        .OrderBy(other => other.Incarnation),
                ],
                _policy.Policy!,
                _advice,
                entry.Presence.Role.Leads() ? [.. _knocking.Values.OrderBy(knock => knock.Revision)] : null,
                session.Resume,
                admission.Outcome == AdmissionOutcome.Resumed,
                iceServers,
                _recording.Recording,
                _orders.Orders.Speaker,
                time.GetUtcNow().ToUnixTimeMilliseconds());
            _welcomes[session.Connection] = welcome;
            if (admission.Outcome != AdmissionOutcome.Resumed)
            {
                _logs[session.Connection] = new SessionLog(_recent.Take(), Before: 0, Sent: 0, Taken: 0);
            }

            var isHandoverDue = admission is { Outcome: AdmissionOutcome.Resumed, OlderNode: { } from }
                && from != node.Id
                && !_logs.ContainsKey(session.Connection);

            // The older node has to hear of it as well, when nobody of the room is left there.
            string[] nodes = [.. OtherNodes().Append(admission.OlderNode ?? node.Id).Distinct(StringComparer.Ordinal)];
            return (entry, nodes, isHandoverDue);
        }
    }

    /// <summary>Lets a seated session receive: its welcome, what its older connection missed, then everything as it comes.</summary>
    internal void Open(Session session)
    {
        lock (_gate)
        {
            if (_welcomes.Remove(session.Connection, out var welcome))
            {
                _logs.Remove(session.Connection, out var log);
                session.Open(welcome, log);
            }
        }
    }

    /// <summary>Completes when a seated session has been opened, by what another node handed over.</summary>
    internal Task WhenOpenedAsync(Session session)
    {
        lock (_gate)
        {
            return session.WhenOpenedAsync();
        }
    }

    /// <summary>Passes an offer, answer or candidate on.</summary>
    internal Refusal? Relay(Session from, ReadOnlySpan<char> target, RelayKind kind, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            if (!_members.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(target, out var member) || member.Entry.Id == from.Id)
            {
                return Refusal.TargetUnknown;
            }

            var frame = ServerFrame.RelayBytes(kind, from.RelayHead, payload);
            if (member.Session is { } session)
            {
                session.Post(frame, isCounted: true, isUrgent: true);
            }
            else
            {
                Deliver(member, new ServerFrame(frame.ToArray(), IsKept: true), isForwarded: false);
            }

            return null;
        }
    }

    /// <summary>Tells one participant something, on whatever node their session is by now.</summary>
    internal void Tell(ParticipantId who, ServerFrame frame)
    {
        lock (_gate)
        {
            if (_members.GetValueOrDefault(who) is { } member)
            {
                Deliver(member, frame, isForwarded: false);
            }
        }
    }

    /// <summary>The connection is gone; what comes now is kept. False when a newer connection speaks for the participant already.</summary>
    internal bool Drop(Session session)
    {
        lock (_gate)
        {
            session.Drop();
            return _members.GetValueOrDefault(session.Id)?.Session == session;
        }
    }

    /// <summary>Takes the session from its seat. False when a newer connection speaks for the participant already.</summary>
    internal bool Unseat(Session session)
    {
        lock (_gate)
        {
            session.Drop();
            if (_members.GetValueOrDefault(session.Id) is not { } member || member.Session != session)
            {
                return false;
            }

            member.Session = null;
            return true;
        }
    }

    /// <summary>The session's entry; null when it has no seat.</summary>
    internal RosterEntry? EntryOf(Session session)
    {
        lock (_gate)
        {
            return _members.GetValueOrDefault(session.Id) is { } member && member.Session == session ? member.Entry : null;
        }
    }

    /// <summary>Entries that Redis has of this node and behind which no session stands.</summary>
    internal IReadOnlyList<RosterEntry> Ghosts(RosterSnapshot snapshot)
    {
        lock (_gate)
        {
            return
            [
                .. snapshot.Entries.Where(entry => entry.Node == node.Id
                    && !_expected.ContainsKey(entry.Id)
                    && _members.GetValueOrDefault(entry.Id)?.Session is null),
            ];
        }
    }

    /// <summary>Whether this node holds a session of the room, be it only to hand it over.</summary>
    internal bool HasSessions
    {
        get
        {
            lock (_gate)
            {
                return _members.Values.Any(member => member.Session is not null);
            }
        }
    }

    /// <summary>Whose sessions this node holds, those that may be resumed included.</summary>
    internal IReadOnlyList<ParticipantId> Seated()
    {
        lock (_gate)
        {
            return [.. _members.Values.Where(member => member.Session is not null).Select(member => member.Entry.Id)];
        }
    }

    /// <summary>All that this node knows of the room; null before Redis told any of it.</summary>
    internal RoomKnowledge? Knowledge()
    {
        lock (_gate)
        {
            var entries = _members.Values
                .Select(member => member.Session is { } session ? member.Entry with { Resume = session.Resume.Value } : member.Entry)
                .ToList();
            long[] revisions = [_policy.Revision, _recording.Revision, _orders.Revision, .. entries.Select(entry => entry.Revision)];
            return _policy.Policy is null ? null : new RoomKnowledge(revisions.Max(), _policy, _recording, _orders, entries);
        }
    }

    internal Recording? Recording
    {
        get
        {
            lock (_gate)
            {
                return _recording.Recording;
            }
        }
    }

    /// <summary>What moderators ordered and what still holds.</summary>
    internal OrdersState Orders
    {
        get
        {
            lock (_gate)
            {
                return _orders;
            }
        }
    }

    /// <summary>Whether somebody was kicked; known here also while Redis has lost it.</summary>
    internal bool HasKicked(ParticipantId who) => Orders.Orders.Kicked.ContainsKey(who.Value);

    // A newer attempt of the same participant is expected still.
    private void EndExpecting(Session session)
    {
        if (_expected.GetValueOrDefault(session.Id) == session)
        {
            _expected.Remove(session.Id);
        }
    }

    private void Deliver(Member member, ServerFrame frame, bool isForwarded)
    {
        if (member.Session is { } session)
        {
            session.Post(frame);
        }
        else if (member.Entry.Node != node.Id)
        {
            cluster.Send([member.Entry.Node], new ClusterMessage.Deliver(id, member.Entry.Id, isForwarded, frame));
        }
    }

    private string[] OtherNodes() => _otherNodes ??=
        [.. _members.Values.Select(member => member.Entry.Node).Where(other => other != node.Id).Distinct(StringComparer.Ordinal)];
}
