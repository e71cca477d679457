using System.Buffers.Binary;
using Clearway.Storage.WebM;

namespace Clearway.Storage.Tests.WebM;

/// <summary>Reads a sealed file as a player does: from the Segment's head to the place a cue points to.</summary>
internal sealed class SealedFile
{
    private readonly byte[] _bytes;
    private readonly long _segmentData;

    public SealedFile(byte[] bytes)
    {
        _bytes = bytes;
        var ebml = HeaderAt(0);
        var segment = HeaderAt(ebml.End);
        Assert.Equal(ElementId.Segment, segment.Id);
        Assert.Equal(bytes.Length, segment.End);
        _segmentData = segment.DataStart;

        var seekHead = HeaderAt(_segmentData);
        Assert.Equal(ElementId.SeekHead, seekHead.Id);
        foreach (var (_, seek) in Children(seekHead))
        {
            var entry = Children(seek).ToDictionary(child => child.Id, child => child.Header);
            Places[(uint)Unsigned(entry[ElementId.SeekId])] = (long)Unsigned(entry[ElementId.SeekPosition]);
        }
    }

    public Dictionary<uint, long> Places { get; } = [];

    public double Duration => BitConverter.UInt64BitsToDouble(
        Unsigned(Children(TopLevel(ElementId.Info)).Single(child => child.Id == ElementId.Duration).Header));

    /// <summary>Each cue, followed to the frame it points to: its time, and the frame's time by its Cluster.</summary>
    public IEnumerable<(long CueTime, long FrameTime, bool IsKey)> Cues()
    {
        foreach (var (_, point) in Children(TopLevel(ElementId.Cues)))
        {
            var cue = Children(point).ToDictionary(child => child.Id, child => child.Header);
            var positions = Children(cue[ElementId.CueTrackPositions]).ToDictionary(child => child.Id, child => child.Header);
            var cluster = HeaderAt(_segmentData + (long)Unsigned(positions[ElementId.CueClusterPosition]));
            Assert.Equal(ElementId.Cluster, cluster.Id);
            var timestamp = HeaderAt(cluster.DataStart);
            Assert.Equal(ElementId.Timestamp, timestamp.Id);
            var block = HeaderAt(cluster.DataStart + (long)Unsigned(positions[ElementId.CueRelativePosition]));
            Assert.Equal(ElementId.SimpleBlock, block.Id);
            Assert.Equal(0x80 | Unsigned(positions[ElementId.CueTrack]), _bytes[block.DataStart]);
            var frameTime = (long)Unsigned(timestamp) + BinaryPrimitives.ReadInt16BigEndian(_bytes.AsSpan((int)block.DataStart + 1));
            yield return ((long)Unsigned(cue[ElementId.CueTime]), frameTime, (_bytes[block.DataStart + 3] & 0x80) != 0);
        }
    }

    private ElementHeader TopLevel(uint id)
    {
        var header = HeaderAt(_segmentData + Places[id]);
        Assert.Equal(id, header.Id);
        return header;
    }

    private IEnumerable<(uint Id, ElementHeader Header)> Children(ElementHeader parent)
    {
        for (var offset = parent.DataStart; offset < parent.End;)
        {
            var child = HeaderAt(offset);
            yield return (child.Id, child);
            offset = child.End;
        }
    }

    private ElementHeader HeaderAt(long offset)
    {
        Assert.True(Ebml.TryReadHeader(_bytes.AsSpan((int)offset), offset, out var header));
        return header;
    }

    private ulong Unsigned(ElementHeader element) => Ebml.ReadUnsigned(_bytes.AsSpan((int)element.DataStart, (int)element.Size));
}
