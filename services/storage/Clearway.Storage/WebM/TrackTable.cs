namespace Clearway.Storage.WebM;

/// <summary>The tracks of a file, and where each stands in time.</summary>
internal sealed class TrackTable
{
    private const ulong VideoType = 1;

    private readonly Dictionary<ulong, Track> _tracks = [];

    private TrackTable()
    {
    }

    /// <summary>The first video track, else the first track: what a person seeks in.</summary>
    public ulong CueTrack { get; private set; }

    /// <summary>Reads a Tracks element (RFC 9559 section 5.1.4).</summary>
    /// <exception cref="InvalidDataException">There is no track, too many, or two with one number.</exception>
    public static TrackTable Parse(ReadOnlySpan<byte> tracks, long timestampScale)
    {
        var table = new TrackTable();
        var hasVideo = false;
        while (Ebml.TryTakeChild(ref tracks, out var id, out var entry, out _))
        {
            if (id != ElementId.TrackEntry)
            {
                continue;
            }

            var (number, type, defaultDuration) = ParseEntry(entry);
            var frameTicks = (long)Math.Min(defaultDuration / (ulong)timestampScale, long.MaxValue);
            if (number == 0 || table._tracks.Count == WebmLimits.MaxTracks
                || !table._tracks.TryAdd(number, new Track { FrameTicks = frameTicks }))
            {
                throw new InvalidDataException("Track numbers are missing or doubled, or there are too many tracks.");
            }

            if (table._tracks.Count == 1 || (type == VideoType && !hasVideo))
            {
                table.CueTrack = number;
            }

            hasVideo |= type == VideoType;
        }

        return table._tracks.Count > 0 ? table : throw new InvalidDataException("There is no track.");
    }

    /// <summary>Notes a frame.</summary>
    /// <param name="number">Its track.</param>
    /// <param name="time">Its timestamp in ticks.</param>
    /// <param name="duration">How long it is shown, in ticks, when the file says so.</param>
    /// <exception cref="InvalidDataException">There is no such track.</exception>
    public void Note(ulong number, long time, long? duration)
    {
        if (!_tracks.TryGetValue(number, out var track))
        {
            throw new InvalidDataException($"A block is for track {number}, which is not declared.");
        }

        if (time >= track.LastTime)
        {
            track.LastGap = time - track.LastTime;
            track.LastTime = time;
            track.LastDuration = duration;
        }
    }

    /// <summary>End of the frame that ends last, in ticks.</summary>
    public long EndOfMedia(long maxGuessedFrame) => _tracks.Values.Max(track => track.End(maxGuessedFrame));

    private static (ulong Number, ulong Type, ulong DefaultDuration) ParseEntry(ReadOnlySpan<byte> entry)
    {
        var (number, type, defaultDuration) = (0UL, 0UL, 0UL);
        while (Ebml.TryTakeChild(ref entry, out var id, out var data, out _))
        {
            switch (id)
            {
                case ElementId.TrackNumber:
                    number = Ebml.ReadUnsigned(data);
                    break;
                case ElementId.TrackType:
                    type = Ebml.ReadUnsigned(data);
                    break;
                case ElementId.DefaultDuration:
                    defaultDuration = Ebml.ReadUnsigned(data);
                    break;
            }
        }

        return (number, type, defaultDuration);
    }

    private sealed class Track
    {
        public required long FrameTicks { get; init; }

        public long LastTime { get; set; }

        public long LastGap { get; set; }

        public long? LastDuration { get; set; }

        public long End(long maxGuessedFrame) =>
            LastTime + (LastDuration ?? Math.Min(FrameTicks > 0 ? FrameTicks : LastGap, maxGuessedFrame));
    }
}
