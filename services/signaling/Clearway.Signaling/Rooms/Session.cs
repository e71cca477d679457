using Clearway.Signaling.Connections;
using Clearway.Signaling.Framing;
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

    // Added to the count of taken frames when nothing more may be taken.
    private const long Sealed = long.MinValue;

    // All guarded by the room's guard.
    private List<ServerFrame>? _held;
    private TaskCompletionSource? _opened;
    private TaskCompletionSource? _overflown;
    private bool _hadLost;
    private Delivery _delivery = Delivery.Held;

    private long _taken;
    private byte[]? _relayHead;

    internal RoomId Room => room;

    internal ParticipantId Id => id;

    internal string Tenant => tenant;

    internal string Title => title;

    /// <summary>The session's id in its tokens, the same over refreshes.</summary>
    internal required string TokenSession { get; init; }

    /// <summary>
    /// When the newest token expires that the participant showed, in seconds since 1970; later ones renew it. Past that, and
    /// <see cref="SignalingOptions.TokenGrace"/>, the connection is closed.
    /// </summary>
    internal required long TokenExpiresAt { get; set; }

    /// <summary>Name and role of the token, and media as they were on joining.</summary>
    internal Presence Presence => presence;

    internal ConnectionId Connection { get; } = ConnectionId.Create();

    internal ResumeId Resume { get; } = ResumeId.Create();

    /// <summary>The participant's own, once the session is seated.</summary>
    internal ParticipantRates Rates { get; set; } = new(options, time);

    /// <summary>How many counted frames the client says it got in the session that it resumes; null when it does not say.</summary>
    internal long? Received { get; init; }

    /// <summary>Whether the client has, or is sent, everything that was for it; false once a resume found something missing.</summary>
    internal bool IsComplete { get; private set; } = true;

    /// <summary>Whether the connection is gone and the session waits to be resumed.</summary>
    internal bool IsDropped => _delivery == Delivery.Kept;

    /// <summary>
    /// Completes when more came for the absent participant than is kept: the session cannot be resumed whole. Of a dropped session.
    /// </summary>
    internal Task Overflown => _overflown!.Task;

    /// <summary>Begin of a relayed frame's members, the same for all that this session sends.</summary>
    internal ReadOnlySpan<byte> RelayHead => _relayHead ??= ServerFrame.RelayHead(id);

    /// <summary>
    /// Counts a frame of the client. False when a newer connection speaks for the session: it was told a count without this frame, and
    /// brings it again.
    /// </summary>
    internal bool TryTake() => Interlocked.Increment(ref _taken) > 0;

    internal void Post(ServerFrame frame) => Post(new FrameBytes(frame.Bytes.Span), frame.IsKept, isUrgent: true);

    /// <summary>The same for a frame that need not be in one piece.</summary>
    internal void Post(scoped FrameBytes frame, bool isCounted, bool isUrgent)
    {
        if (_delivery == Delivery.Held)
        {
            (_held ??= []).Add(new ServerFrame(frame.ToArray(), isCounted));
            return;
        }

        outbox.Post(frame, isCounted, isUrgent);
        if (_delivery == Delivery.Kept && !_hadLost && outbox.HasLost)
        {
            _overflown!.TrySetResult();
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

    /// <summary>
    /// Sends the welcome, what the client missed, then what was held, and from now on everything at once.
    /// </summary>
    /// <param name="welcome">The welcome, but for what the log tells.</param>
    /// <param name="log">What an older connection left, or lines to begin a new session with; null when nobody knows what the client missed.</param>
    internal void Open(Welcome welcome, SessionLog? log)
    {
        if (_delivery != Delivery.Held)
        {
            return;
        }

        _delivery = Delivery.Sent;
        var received = welcome.IsResumed ? Received ?? log?.Sent ?? 0 : 0;
        IsComplete = log?.Reaches(received) ?? !welcome.IsResumed;
        IEnumerable<ServerFrame> missed = [];
        if (IsComplete && log is not null)
        {
            outbox.CountFrom(received);
            _taken = log.Taken;
            missed = log.After(received);
        }

        outbox.Post(ServerFrame.Welcome(welcome with { Received = _taken, IsComplete = IsComplete }));
        foreach (var frame in missed.Concat(_held ?? []))
        {
            outbox.Post(frame);
        }

        _held = null;

        // Whoever answers is known to acknowledge.
        outbox.Ping();
        _opened?.TrySetResult();
    }

    /// <summary>Completes when the session is opened.</summary>
    internal Task WhenOpenedAsync()
    {
        if (_delivery != Delivery.Held)
        {
            return Task.CompletedTask;
        }

        _opened ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _opened.Task;
    }

    /// <summary>The connection is gone: what it did not acknowledge is kept, and what comes after it.</summary>
    internal void Drop()
    {
        if (_delivery == Delivery.Kept)
        {
            return;
        }

        _delivery = Delivery.Kept;
        _overflown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        outbox.Drop();
        _hadLost = outbox.HasLost;
        foreach (var frame in _held ?? [])
        {
            outbox.Post(frame);
        }

        _held = null;
    }

    /// <summary>Gives up what was kept, to the session that continues this one; nothing more is taken from this one's client.</summary>
    internal SessionLog TakeLog()
    {
        var taken = Interlocked.Add(ref _taken, Sealed) - Sealed;
        var log = outbox.Take(taken);

        // What a session that was not opened was to catch up with is not in its own log.
        return _delivery == Delivery.Held ? log with { IsWhole = false } : log;
    }

    /// <summary>Gives up what came for a session that was not opened, to another session of the participant.</summary>
    internal IReadOnlyList<ServerFrame> TakeHeld()
    {
        var held = _held ?? [];
        _held = null;
        return held;
    }

    internal void Close(CloseReason reason) => outbox.Close(reason);
}
