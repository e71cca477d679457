using Clearway.Signaling.Cluster;
using Clearway.Signaling.Framing;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Rooms;

/// <summary>What a room shows to all who are in it, and what it remembers for those who come after.</summary>
internal sealed partial class Room
{
    private readonly RecentLines _recent = new(time); // guarded by _gate
    private readonly SharedHistory _history = new(time); // guarded by _gate

    /// <summary>Shows a chat line to everyone, on all nodes; <paramref name="toSender"/> is the sender's own copy.</summary>
    internal void Broadcast(ServerFrame frame, Session? sender = null, ServerFrame? toSender = null)
    {
        lock (_gate)
        {
            _recent.Add(frame);
            _history.Outdate();
            Show(frame, except: sender?.Id);
            if (sender is not null && toSender is { } own)
            {
                // Taken from the connection before, perhaps: its successor was told so, and waits for the acknowledgement.
                (_members.GetValueOrDefault(sender.Id)?.Session ?? sender).Post(own);
            }

            cluster.Send(OtherNodes(), new ClusterMessage.Broadcast(id, frame));
        }
    }

    /// <summary>The newest page of what was said, which those share who enter at the same time; null when nobody can tell.</summary>
    internal Task<ServerFrame?> HistoryAsync(string tenant, Func<Task<ServerFrame?>> read)
    {
        Lazy<Task<ServerFrame?>> page;
        lock (_gate)
        {
            page = _history.Get(tenant, read);
        }

        return page.Value;
    }

    /// <summary>Shows the others, on all nodes, what is worth nothing a moment later: it never waits for a connection.</summary>
    internal void Glimpse(Session from, ServerFrame frame)
    {
        lock (_gate)
        {
            ShowGlimpse(frame, from.Id);
            cluster.Send(OtherNodes(), new ClusterMessage.Glimpse(id, frame));
        }
    }

    private void Show(ServerFrame frame, ParticipantId? except)
    {
        foreach (var member in _members.Values)
        {
            if (member.Entry.Id != except)
            {
                member.Session?.Post(new FrameBytes(frame.Bytes.Span), frame.IsKept, isUrgent: false);
            }
        }
    }

    private void ShowGlimpse(ServerFrame frame, ParticipantId? except)
    {
        foreach (var member in _members.Values)
        {
            if (member.Entry.Id != except)
            {
                member.Session?.PostGlimpse(frame);
            }
        }
    }
}
