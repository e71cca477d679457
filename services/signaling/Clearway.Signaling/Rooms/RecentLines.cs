using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Rooms;

/// <summary>
/// The chat lines of the last seconds that were said through this node. Whoever enters reads the history at once, and a line that was
/// just said may neither be stored by then nor have been sent to them; so it is repeated, and its id tells it from a new one.
/// </summary>
/// <remarks>Not thread-safe: the room guards it.</remarks>
internal sealed class RecentLines(TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);
    private const int MaxLines = 32;

    private readonly Queue<(long At, ServerFrame Line)> _lines = new();

    internal void Add(ServerFrame line)
    {
        if (_lines.Count == MaxLines)
        {
            _lines.Dequeue();
        }

        _lines.Enqueue((time.GetTimestamp(), line));
    }

    /// <summary>The lines, oldest first.</summary>
    internal IReadOnlyList<ServerFrame> Take()
    {
        while (_lines.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > Kept)
        {
            _lines.Dequeue();
        }

        return [.. _lines.Select(kept => kept.Line)];
    }
}
