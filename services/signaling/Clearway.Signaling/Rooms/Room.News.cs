using Clearway.Signaling.Cluster;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Rooms;

/// <summary>How a room takes in what changed, and what its participants are told of it.</summary>
internal sealed partial class Room
{
    /// <summary>Why somebody is out whom a moderator, or a backend, took out for good.</summary>
    internal const string KickedReason = "kicked";

    /// <summary>Takes in news, from this node or another.</summary>
    internal void Take(ClusterMessage message)
    {
        lock (_gate)
        {
            switch (message)
            {
                case ClusterMessage.Deliver deliver:
                    if (_expected.TryGetValue(deliver.Target, out var expected))
                    {
                        expected.Post(deliver.Frame);
                    }
                    else if (_members.TryGetValue(deliver.Target, out var member) && (member.Session is not null || !deliver.IsForwarded))
                    {
                        Deliver(member, deliver.Frame, isForwarded: true);
                    }

                    break;
                case ClusterMessage.Broadcast broadcast:
                    _history.Outdate();
                    Show(broadcast.Frame, except: null);
                    break;
                case ClusterMessage.Entered entered:
                    Take(entered.Entry);
                    break;
                case ClusterMessage.Removed removed:
                    Remove(removed.Id, removed.Revision, removed.Reason);
                    break;
                case ClusterMessage.Recorded recorded:
                    Take(recorded.State);
                    break;
                case ClusterMessage.Ordered ordered:
                    Take(ordered.State);
                    break;
                case ClusterMessage.PolicyChanged changed:
                    Take(changed.State);
                    break;
                case ClusterMessage.Knocked knocked:
                    Take(knocked.Knock);
                    break;
                case ClusterMessage.KnocksGone gone:
                    TakeGone(gone.Who);
                    break;
                case ClusterMessage.Glimpse glimpse:
                    ShowGlimpse(glimpse.Frame, except: null);
                    break;
                case ClusterMessage.HandedOver handedOver:
                    TakeHandover(handedOver);
                    break;
            }
        }
    }

    /// <summary>Takes in news of this node, and passes it on to the room's others.</summary>
    internal void Tell(IEnumerable<string> nodes, ClusterMessage news)
    {
        Take(news);
        cluster.Send(nodes, news);
    }

    /// <summary>
    /// Compares with Redis: takes in what this node missed, and tells which of its sessions Redis has wrong.
    /// </summary>
    internal IReadOnlyList<(Session Session, RosterEntry Entry, RosterGap Gap)> Reconcile(RosterSnapshot snapshot)
    {
        lock (_gate)
        {
            var lost = _members.Values
                .Where(member => member.Session is { IsDropped: false })
                .Where(member => snapshot.Policy.Policy is null || member.Entry.Revision <= snapshot.Revision)
                .Where(member => snapshot.Entries.All(line => line.Id != member.Entry.Id))
                .ToList();
            Take(snapshot);
            var behind = snapshot.Entries
                .Where(line => _members.GetValueOrDefault(line.Id) is { Session: not null } member
                    && member.Entry.Connection == line.Connection
                    && member.Entry.Revision > line.Revision)
                .Select(line => _members[line.Id])
                .ToList();
            return
            [
                .. lost.Select(member => (member.Session!, member.Entry, RosterGap.Lost)),
                .. behind.Select(member => (member.Session!, member.Entry, RosterGap.Behind)),
                .. _members.Values
                    .Where(member => member.Session is { IsDropped: false } && member.Entry.IsAway)
                    .Select(member => (member.Session!, member.Entry, RosterGap.Away)),
            ];
        }
    }

    private void Take(RosterSnapshot snapshot)
    {
        Take(snapshot.Policy);
        foreach (var entry in snapshot.Entries.OrderBy(entry => entry.Revision))
        {
            Take(entry);
        }

        // Before the removals: what ends with those who are gone is concluded from what Redis says, and never instead of it.
        Take(snapshot.Recording);
        Take(snapshot.Orders);

        var present = snapshot.Entries.Select(entry => entry.Id).ToHashSet();
        var gone = _members.Values
            .Where(member => !present.Contains(member.Entry.Id) && member.Entry.Revision <= snapshot.Revision)
            // Who is still connected here stays: Redis lost the entry, not we the participant.
            .Where(member => member.Session is not { IsDropped: false })
            .Select(member => member.Entry.Id)
            .ToList();
        gone.ForEach(id => Remove(id, snapshot.Revision, "timeout"));

        Take(snapshot.Lobby, snapshot.Revision);
    }

    private void Take(RosterEntry entry)
    {
        var known = _members.GetValueOrDefault(entry.Id);
        if (known?.Entry.Revision >= entry.Revision || _departed.GetValueOrDefault(entry.Id) >= entry.Revision)
        {
            return;
        }

        _departed.Remove(entry.Id);
        var before = known?.Entry;
        if (known is null)
        {
            _members[entry.Id] = known = new Member { Entry = entry };
        }

        known.Entry = entry;
        _otherNodes = null;
        if (known.Session is { } session && session.Connection != entry.Connection)
        {
            HandOver(session, before!, entry);
            known.Session = null;
        }

        if (before is null)
        {
            Advise();
        }

        if (before?.Incarnation != entry.Incarnation && entry.Presence.Role.Leads())
        {
            CallWaiting();
        }

        if (before is not null && before.Incarnation != entry.Incarnation)
        {
            GiveUpWhatEndsWith(entry.Id);
        }

        foreach (var frame in Differences(before, entry))
        {
            Show(frame, except: entry.Id);
        }

        if (before?.Incarnation == entry.Incarnation && IsNewsToItself(before!.Presence, entry.Presence))
        {
            known.Session?.Post(ServerFrame.PeerUpdated(entry));
        }

        if (before?.Incarnation != entry.Incarnation && entry.Node != node.Id)
        {
            foreach (var line in _recent.Take())
            {
                Deliver(known, line, isForwarded: false);
            }
        }
    }

    private void HandOver(Session session, RosterEntry before, RosterEntry after)
    {
        if (before.Incarnation == after.Incarnation && after.Node == node.Id)
        {
            _logs[after.Connection] = session.TakeLog();
        }
        else if (before.Incarnation == after.Incarnation)
        {
            cluster.Send([after.Node], new ClusterMessage.HandedOver(id, after.Id, after.Connection, session.TakeLog()));
        }

        session.Close(CloseReason.Replaced);
    }

    // What comes later than the session waited is of no use: the client was told that something is missing, and makes up for it.
    private void TakeHandover(ClusterMessage.HandedOver handedOver)
    {
        var session = _members.GetValueOrDefault(handedOver.Target)?.Session;
        if (session?.Connection == handedOver.Connection && _welcomes.ContainsKey(handedOver.Connection))
        {
            _logs[handedOver.Connection] = handedOver.Log;
            Open(session);
        }
        else if (_expected.GetValueOrDefault(handedOver.Target)?.Connection == handedOver.Connection)
        {
            _logs[handedOver.Connection] = handedOver.Log;
        }
    }

    private static IEnumerable<ServerFrame> Differences(RosterEntry? before, RosterEntry after)
    {
        if (before is null || before.Incarnation != after.Incarnation)
        {
            if (before is not null)
            {
                yield return ServerFrame.PeerLeft(after.Id, "left");
            }

            yield return ServerFrame.PeerJoined(after);
            yield break;
        }

        if (after.IsAway && !before.IsAway)
        {
            yield return ServerFrame.PeerAway(after.Id);
        }
        else if (!after.IsAway && (before.IsAway || before.Connection != after.Connection))
        {
            yield return ServerFrame.PeerBack(after.Id);
        }

        if (before.Presence != after.Presence)
        {
            yield return ServerFrame.PeerUpdated(after);
        }
    }

    // Participants know what they send; hand and locks are the room's.
    private static bool IsNewsToItself(Presence before, Presence after) =>
        (before.Hand, before.AudioLocked, before.VideoLocked) != (after.Hand, after.AudioLocked, after.VideoLocked);

    private void Remove(ParticipantId who, long revision, string reason)
    {
        if (_departed.Count >= MaxDeparted)
        {
            _departed.Remove(_departed.MinBy(pair => pair.Value).Key);
        }

        _departed[who] = Math.Max(revision, _departed.GetValueOrDefault(who));
        if (_members.TryGetValue(who, out var member) && member.Entry.Revision < revision)
        {
            _members.Remove(who);
            _otherNodes = null;
            member.Session?.Close(reason == KickedReason ? CloseReason.Kicked : CloseReason.Replaced);
            Show(ServerFrame.PeerLeft(who, reason), except: who);
            Advise();
            GiveUpWhatEndsWith(who);
        }
    }

    // The stage and the recording; the scripts took them from Redis with the participant, if Redis was there. Newer than what it ends and
    // than nothing else: orders that were given before the participant left may not have been heard here yet.
    private void GiveUpWhatEndsWith(ParticipantId who)
    {
        if (_recording.Recording?.By == who)
        {
            Take(new RecordingState(null, _recording.Revision + 1));
        }

        if (_orders.Orders.Speaker == who.Value)
        {
            Take(new OrdersState(_orders.Orders with { Speaker = "", SpeakerBy = who.Value }, _orders.Revision + 1));
        }
    }

    private bool HasLeftSince(ParticipantId who, long revision) =>
        _departed.GetValueOrDefault(who) > revision || _members.GetValueOrDefault(who)?.Entry.Incarnation > revision;

    private void Take(OrdersState state)
    {
        if (state.Revision <= _orders.Revision)
        {
            return;
        }

        if (HasLeftSince(new ParticipantId(state.Orders.Speaker), state.Revision))
        {
            state = state with { Orders = state.Orders with { Speaker = "", SpeakerBy = state.Orders.Speaker } };
        }

        var before = _orders.Orders;
        _orders = state;
        if (before.Speaker != state.Orders.Speaker)
        {
            Show(ServerFrame.Speaker(state.Orders), except: null);
        }

        foreach (var (target, by) in state.Orders.Kicked.Where(kicked => !before.Kicked.ContainsKey(kicked.Key)))
        {
            Show(ServerFrame.ForceKick(target, by), except: null);
            var who = new ParticipantId(target);
            Remove(who, Math.Max(state.Revision, (_members.GetValueOrDefault(who)?.Entry.Revision ?? 0) + 1), KickedReason);
        }
    }

    private void Take(RecordingState state)
    {
        if (state.Revision <= _recording.Revision)
        {
            return;
        }

        var before = _recording.Recording;
        _recording = state;
        if (before is not null && before.Id != state.Recording?.Id)
        {
            Show(ServerFrame.RecordStopped(before, time.GetUtcNow().ToUnixTimeMilliseconds()), except: null);
        }

        if (state.Recording is { } started && started.Id != before?.Id)
        {
            Show(ServerFrame.RecordStarted(started), except: null);
        }
    }
}
