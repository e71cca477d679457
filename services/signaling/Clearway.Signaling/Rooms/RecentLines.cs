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
    private const int MaxBytes = 128 * 1024;

    private readonly Queue<(long At, ServerFrame Line)> _lines = new();
    private int _bytes;

    /// <summary>Keeps a line, and for it gives up the oldest of those that are too many or, but for the last, too long together.</summary>
    internal void Add(ServerFrame line)
    {
        _lines.Enqueue((time.GetTimestamp(), line));
        _bytes += line.Bytes.Length;
        while (_lines.Count > MaxLines || (_bytes > MaxBytes && _lines.Count > 1))
        {
            DropOldest();
        }
    }

    /// <summary>The lines, oldest first.</summary>
    internal IReadOnlyList<ServerFrame> Take()
    {
        while (_lines.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > Kept)
        {
            DropOldest();
        }

        return [.. _lines.Select(kept => kept.Line)];
    }

    private void DropOldest() => _bytes -= _lines.Dequeue().Line.Bytes.Length;
}
