using System.Collections.Concurrent;
using Clearway.Signaling.Connections;

namespace Clearway.Signaling.Framing;

/// <summary>
/// Outboxes that were written to and not flushed. What one connection's read batch wrote is flushed at the batch's end, on the same thread;
/// what goes to a whole room waits for a turn of its own, so that lines said at the same time leave in one piece to each of them.
/// </summary>
internal sealed class FlushQueue : IThreadPoolWorkItem
{
    // A thread reads one batch at a time.
    [ThreadStatic]
    private static List<Outbox>? _batch;

    [ThreadStatic]
    private static bool _isInBatch;

    private readonly ConcurrentQueue<Outbox> _waiting = new();
    private int _isScheduled;

    /// <summary>From here to <see cref="EndBatch"/> this thread's urgent writes are flushed together. Nothing may be awaited between.</summary>
    internal static void BeginBatch()
    {
        _isInBatch = true;
        _batch ??= [];
    }

    internal static void EndBatch()
    {
        _isInBatch = false;
        var batch = _batch!;
        for (var i = 0; i < batch.Count; i++)
        {
            batch[i].Flush();
        }

        batch.Clear();
    }

    /// <summary>Has an outbox flushed: at the end of this thread's batch when it is <paramref name="isUrgent"/> and there is one.</summary>
    internal void Add(Outbox outbox, bool isUrgent)
    {
        if (isUrgent && _isInBatch)
        {
            if (_batch is not [.., var last] || last != outbox)
            {
                _batch!.Add(outbox);
            }

            return;
        }

        _waiting.Enqueue(outbox);
        if (Interlocked.Exchange(ref _isScheduled, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        // Before the queue is emptied: who adds from now on either is seen here or schedules the next turn.
        Interlocked.Exchange(ref _isScheduled, 0);
        while (_waiting.TryDequeue(out var outbox))
        {
            outbox.Flush();
        }
    }
}
