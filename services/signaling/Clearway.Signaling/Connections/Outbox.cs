using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Connections;

/// <summary>
/// What waits to be sent over one connection: bounded in bytes, emptied by one writer. A reader that does not keep up is closed and never
/// waited for.
/// </summary>
internal sealed class Outbox(int maxBytes) : IDisposable
{
    // A few frames on their way are no sign of a reader that does not keep up.
    private const int MaxBytesBeforeGlimpse = 4 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<ServerFrame> _frames = []; // guarded by _gate
    private readonly SemaphoreSlim _changed = new(0);
    private readonly CancellationTokenSource _closing = new();
    private CloseReason? _reason; // guarded by _gate
    private bool _isTaken; // guarded by _gate
    private int _bytes; // guarded by _gate

    /// <summary>Why the connection ends; null while it lives.</summary>
    internal CloseReason? Reason
    {
        get
        {
            lock (_gate)
            {
                return _reason;
            }
        }
    }

    /// <summary>Cancelled when <see cref="Close"/> is called.</summary>
    internal CancellationToken Closing => _closing.Token;

    /// <summary>Queues a frame; closes the connection as a slow reader when there is no room for it.</summary>
    internal void Post(ServerFrame frame)
    {
        lock (_gate)
        {
            // After a reason that permits resuming it waits for the session's next connection, if the writer does not come to it yet.
            if (_reason is { PermitsResume: false })
            {
                return;
            }

            if (_bytes + frame.Bytes.Length <= maxBytes)
            {
                _bytes += frame.Bytes.Length;
                _frames.Enqueue(frame);
                _changed.Release();
                return;
            }
        }

        Close(CloseReason.SlowReader);
    }

    /// <summary>Queues a frame that is worth nothing a moment later; drops it when others wait already.</summary>
    internal void PostGlimpse(ServerFrame frame)
    {
        lock (_gate)
        {
            if (_bytes > MaxBytesBeforeGlimpse)
            {
                return;
            }
        }

        Post(frame);
    }

    /// <summary>Ends the connection after what is queued has been sent. The first reason counts.</summary>
    internal void Close(CloseReason reason)
    {
        lock (_gate)
        {
            if (_reason is not null)
            {
                return;
            }

            _reason = reason;
            _changed.Release();
        }

        // Never on the caller's stack: it may hold a room's guard.
        _ = _closing.CancelAsync();
    }

    /// <summary>Sends until the outbox is closed and empty. To be called once.</summary>
    internal async Task WriteAsync(FrameSocket socket, CancellationToken cancellationToken)
    {
        while (true)
        {
            await _changed.WaitAsync(cancellationToken);
            while (TryPeek(out var frame))
            {
                await socket.SendAsync(frame.Bytes, cancellationToken);
                Sent();
            }

            if (Reason is not null)
            {
                return;
            }
        }
    }

    /// <summary>Takes out what was not sent, for the session that resumes; nothing more is sent but the close frame.</summary>
    internal IReadOnlyList<ServerFrame> TakeUnsent()
    {
        lock (_gate)
        {
            _isTaken = true;
            var unsent = _frames.ToArray();
            _frames.Clear();
            return unsent;
        }
    }

    public void Dispose()
    {
        _changed.Dispose();
        _closing.Dispose();
    }

    private bool TryPeek(out ServerFrame frame)
    {
        lock (_gate)
        {
            return _frames.TryPeek(out frame);
        }
    }

    // A frame leaves the queue only now: one whose sending failed is still there for the session that resumes.
    private void Sent()
    {
        lock (_gate)
        {
            if (!_isTaken)
            {
                _bytes -= _frames.Dequeue().Bytes.Length;
            }
        }
    }
}
