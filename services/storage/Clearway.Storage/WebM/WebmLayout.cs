namespace Clearway.Storage.WebM;

/// <summary>A piece of the sealed file's media: either bytes of the recording as uploaded, or bytes that replace some of them.</summary>
/// <param name="Start">Offset in the recording; meaningless for a replacement.</param>
/// <param name="Length">Number of bytes.</param>
/// <param name="Replacement">The replacing bytes, or null.</param>
internal readonly record struct MediaPart(long Start, long Length, byte[]? Replacement = null);

/// <summary>What one pass over a live recording has found out: enough to write a header that makes it seekable.</summary>
internal sealed class WebmLayout
{
    /// <summary>The EBML header element as it stands in the file.</summary>
    public required byte[] EbmlHeader { get; init; }

    /// <summary>Children of Info that stay true: all but Duration, checksum and padding.</summary>
    public required byte[] InfoChildren { get; init; }

    /// <summary>The Tracks element as it stands in the file.</summary>
    public required byte[] Tracks { get; init; }

    /// <summary>Nanoseconds a tick.</summary>
    public required long TimestampScale { get; init; }

    /// <summary>Track that the cues are for.</summary>
    public required ulong CueTrack { get; init; }

    /// <summary>At least one cue, in order of time.</summary>
    public required IReadOnlyList<Cue> Cues { get; init; }

    /// <summary>The Clusters, in order, without what stood between them or was cut off behind them.</summary>
    public required IReadOnlyList<MediaPart> Media { get; init; }

    /// <summary>End of the last frame, in ticks.</summary>
    public required long DurationTicks { get; init; }

    public TimeSpan Duration => TimeSpan.FromTicks((long)((Int128)DurationTicks * TimestampScale / 100));
}
