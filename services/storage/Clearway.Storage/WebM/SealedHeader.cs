namespace Clearway.Storage.WebM;

/// <summary>
/// Everything of a sealed file that stands before its first Cluster: the Segment with its size, SeekHead, Info with the Duration, Tracks,
/// and the Cues up front, where a player has them with its first request.
/// </summary>
internal static class SealedHeader
{
    public static byte[] Write(WebmLayout layout)
    {
        // Every position takes eight bytes, so the first pass has the length of the second and tells it where the Clusters begin.
        var measured = Write(layout, default);
        return Write(layout, measured.Places).Bytes;
    }

    private static (byte[] Bytes, Places Places) Write(WebmLayout layout, Places places)
    {
        var segment = new EbmlWriter();
        segment.Raw(Element(ElementId.SeekHead, seekHead =>
        {
            Seek(seekHead, ElementId.Info, places.Info);
            Seek(seekHead, ElementId.Tracks, places.Tracks);
            Seek(seekHead, ElementId.Cues, places.Cues);
        }));

        var info = segment.Length;
        segment.Raw(Element(ElementId.Info, children =>
        {
            children.Raw(layout.InfoChildren);
            children.Float(ElementId.Duration, layout.DurationTicks);
        }));

        var tracks = segment.Length;
        segment.Raw(layout.Tracks);

        var cues = segment.Length;
        segment.Raw(Element(ElementId.Cues, points =>
        {
            foreach (var cue in layout.Cues)
            {
                points.Raw(CuePoint(cue, layout.CueTrack, places.Clusters));
            }
        }));

        var file = new EbmlWriter();
        file.Raw(layout.EbmlHeader);
        file.Header(ElementId.Segment, segment.Length + layout.Media.Sum(part => part.Length));
        file.Raw(segment.ToArray());
        return (file.ToArray(), new Places(info, tracks, cues, segment.Length));
    }

    private static void Seek(EbmlWriter seekHead, uint id, long position) => seekHead.Raw(Element(ElementId.Seek, seek =>
    {
        seek.IdData(ElementId.SeekId, id);
        seek.Unsigned(ElementId.SeekPosition, (ulong)position);
    }));

    private static byte[] CuePoint(Cue cue, ulong track, long clusters) => Element(ElementId.CuePoint, point =>
    {
        point.Unsigned(ElementId.CueTime, (ulong)cue.Time);
        point.Raw(Element(ElementId.CueTrackPositions, positions =>
        {
            positions.Unsigned(ElementId.CueTrack, track);
            positions.Unsigned(ElementId.CueClusterPosition, (ulong)(clusters + cue.ClusterOffset));
            positions.Unsigned(ElementId.CueRelativePosition, (ulong)cue.RelativePosition);
        }));
    });

    private static byte[] Element(uint id, Action<EbmlWriter> writeChildren)
    {
        var children = new EbmlWriter();
        writeChildren(children);
        var element = new EbmlWriter();
        element.Header(id, children.Length);
        element.Raw(children.ToArray());
        return element.ToArray();
    }

    /// <summary>Segment Positions: offsets from the first byte of the Segment's data (RFC 9559 section 16).</summary>
    private readonly record struct Places(long Info, long Tracks, long Cues, long Clusters);
}
