using Clearway.Signaling.Connections;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Rooms;

/// <summary>
/// A participant's membership as this node holds it, behind one connection. Frames are either held (until the session has caught up),
/// sent, or, after the connection dropped, kept for the one that resumes.
/// </summary>
internal sealed class Session(
    RoomId room,
    ParticipantId id,
    string tenant,
    string title,
    Presence presence,
    Outbox outbox,
    TimeProvider time,
    SignalingOptions options)
{
    private enum Delivery
    {
        Held,
        Sent,
        Kept,
    }

    private readonly TaskCompletionSource _overflown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // All three guarded by the room's guard.
    private readonly List<ServerFrame> _frames = [];
    private Delivery _delivery = Delivery.Held;
    private int _bytes;

    internal RoomId Room => room;

    internal ParticipantId Id => id;

    internal string Tenant => tenant;

    internal string Title => title;

    /// <summary>The session's id in its tokens, the same over refreshes.</summary>
    internal required string TokenSession { get; init; }

    /// <summary>When the newest token expires that the participant showed, in seconds since 1970; later ones renew it.</summary>
    internal required long TokenExpiresAt { get; set; }

    /// <summary>Name and role of the token, and media as they were on joining.</summary>
    internal Presence Presence => presence;

    internal ConnectionId Connection { get; } = ConnectionId.Create();

    internal ResumeId Resume { get; } = ResumeId.Create();

    internal ChatRateLimit ChatRate { get; } = new(options.ChatInterval, time);

    /// <summary>For deletions and reactions.</summary>
    internal TokenBucket ChangeRate { get; } = new(options.MaxChatChangesPerSecond, time);

    internal TokenBucket PointerRate { get; } = new(options.MaxPointersPerSecond, time);

    /// <summary>Completes when more came for an absent participant than is kept: the session cannot be resumed whole.</summary>
    internal Task Overflown => _overflown.Task;

    /// <summary>Whether the connection is gone and the session waits to be resumed.</summary>
    internal bool IsDropped => _delivery == Delivery.Kept;

    internal void Post(ServerFrame frame)
    {
        if (_delivery == Delivery.Sent)
        {
            outbox.Post(frame);
        }
        else if (_delivery == Delivery.Held || frame.IsKept)
        {
            Keep(frame);
        }
    }

    /// <summary>Sends the frame now or never.</summary>
    internal void PostGlimpse(ServerFrame frame)
    {
        if (_delivery == Delivery.Sent)
        {
            outbox.PostGlimpse(frame);
        }
    }

    /// <summary>Sends <paramref name="first"/>, then what was held, and from now on everything at once.</summary>
    internal void Open(IEnumerable<ServerFrame> first)
    {
        if (_delivery != Delivery.Held)
        {
            return;
        }

        _delivery = Delivery.Sent;
        foreach (var frame in first.Concat(_frames))
        {
            outbox.Post(frame);
        }

        if (_overflown.Task.IsCompleted)
        {
            // Something is missing: this connection is no better than one that does not read.
            outbox.Close(CloseReason.SlowReader);
        }

        _frames.Clear();
        _bytes = 0;
    }

    /// <summary>The connection is gone: what it did not send is kept, and what comes after it.</summary>
    internal void Drop()
    {
        if (_delivery == Delivery.Kept)
        {
            return;
        }

        var held = _frames.ToArray();
        _frames.Clear();
        _bytes = 0;
        _delivery = Delivery.Kept;
        foreach (var frame in outbox.TakeUnsent().Concat(held))
        {
            Post(frame);
        }
    }

    /// <summary>Gives up what was kept, to the session that continues this one.</summary>
    internal IReadOnlyList<ServerFrame> TakeKept()
    {
        Drop();
        var kept = _frames.ToArray();
        _frames.Clear();
        _bytes = 0;
        return kept;
    }

    internal void Close(CloseReason reason) => outbox.Close(reason);

    private void Keep(ServerFrame frame)
    {
        if (_bytes + frame.Bytes.Length > options.OutboxMaxBytes)
        {
            _overflown.TrySetResult();
        }
        else
        {
            _frames.Add(frame);
            _bytes += frame.Bytes.Length;
        }
    }
}
