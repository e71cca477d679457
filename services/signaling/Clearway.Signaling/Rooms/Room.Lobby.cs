using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Rooms;

/// <summary>Who waits to be let in: on this node as sessions without a seat, and everywhere as organizer and moderators see them.</summary>
internal sealed partial class Room
{
    private readonly Dictionary<ParticipantId, Waiting> _waiting = []; // guarded by _gate
    private readonly Dictionary<ParticipantId, Knock> _knocking = []; // guarded by _gate

    /// <summary>Adds somebody who waits on this node, before Redis is asked again: what happens from now on is not missed.</summary>
    internal void Add(Waiting waiting)
    {
        lock (_gate)
        {
            _waiting.GetValueOrDefault(waiting.Session.Id)?.Retry();
            _waiting[waiting.Session.Id] = waiting;
        }
    }

    /// <summary>Takes the wait back.</summary>
    internal void Remove(Waiting waiting)
    {
        lock (_gate)
        {
            if (_waiting.GetValueOrDefault(waiting.Session.Id) == waiting)
            {
                _waiting.Remove(waiting.Session.Id);
            }
        }
    }

    private void Take(Knock knock)
    {
        if (_knocking.GetValueOrDefault(knock.Id) is not { } known || known.Revision < knock.Revision)
        {
            _knocking[knock.Id] = knock;
            ShowLeaders(ServerFrame.Knock(knock));
        }
    }

    private void TakeGone(IReadOnlyList<ParticipantId> who)
    {
        foreach (var id in who)
        {
            _waiting.GetValueOrDefault(id)?.Retry();
            if (_knocking.Remove(id))
            {
                ShowLeaders(ServerFrame.KnockGone(id));
            }
        }
    }

    private void Take(IReadOnlyList<LobbyEntry> lobby, long revision)
    {
        var knocking = lobby.Where(entry => entry.State == LobbyState.Knocking).ToDictionary(entry => entry.Id);
        foreach (var gone in _knocking.Values.Where(known => known.Revision <= revision && !knocking.ContainsKey(known.Id)).ToList())
        {
            TakeGone([gone.Id]);
        }

        foreach (var entry in knocking.Values)
        {
            Take(new Knock(entry.Id, entry.Name, entry.Revision));
        }

        foreach (var waiting in _waiting.Values)
        {
            var isKnown = lobby.Any(entry => entry.Id == waiting.Session.Id
                && entry.Connection == waiting.Session.Connection
                && entry.State == waiting.State);
            if (!isKnown)
            {
                waiting.Retry();
            }
        }
    }

    // Whoever waits for the organizer or a moderator asks again when one comes.
    private void CallWaiting()
    {
        foreach (var waiting in _waiting.Values.Where(waiting => waiting.State == LobbyState.WaitingForModerator))
        {
            waiting.Retry();
        }
    }

    private void ShowLeaders(ServerFrame frame)
    {
        foreach (var member in _members.Values.Where(member => member.Entry.Presence.Role.Leads()))
        {
            member.Session?.Post(frame);
        }
    }
}
