using System.Runtime.InteropServices;

namespace Clearway.Storage.WebM;

/// <summary>A place to seek to (RFC 9559 section 5.1.5).</summary>
/// <param name="Time">Ticks of the file's TimestampScale.</param>
/// <param name="ClusterOffset">Offset of the Cluster, counted from the first kept Cluster's first byte.</param>
/// <param name="RelativePosition">Offset of the block within the Cluster's data.</param>
internal readonly record struct Cue(long Time, long ClusterOffset, long RelativePosition);

/// <summary>
/// Cues in order, at least a spacing apart. When full, every other one goes and the spacing doubles: memory stays bounded.
/// </summary>
internal sealed class CueList(long spacing, int capacity = 16 * 1024)
{
    private readonly List<Cue> _cues = [];
    private long _spacing = spacing;

    public IReadOnlyList<Cue> Cues => _cues;

    public void Add(Cue cue)
    {
        if (_cues.Count > 0 && cue.Time - _cues[^1].Time < _spacing)
        {
            return;
        }

        if (_cues.Count == capacity)
        {
            Thin();
        }

        _cues.Add(cue);
    }

    private void Thin()
    {
        var cues = CollectionsMarshal.AsSpan(_cues);
        for (var i = 0; i < cues.Length / 2; i++)
        {
            cues[i] = cues[2 * i];
        }

        CollectionsMarshal.SetCount(_cues, cues.Length / 2);
        _spacing *= 2;
    }
}
