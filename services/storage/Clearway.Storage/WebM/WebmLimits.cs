namespace Clearway.Storage.WebM;

/// <summary>What a recording made by a browser stays far below; beyond it a file is refused, whatever its lengths claim.</summary>
internal static class WebmLimits
{
    public const int MaxEbmlHeaderBytes = 4 * 1024;
    public const int MaxInfoBytes = 64 * 1024;
    public const int MaxTracksBytes = 1024 * 1024;
    public const int MaxTracks = 16;

    /// <summary>One frame with its group: a 4K key frame takes a few MiB.</summary>
    public const long MaxBlockBytes = 64 * 1024 * 1024;

    /// <summary>Elements that stand between Clusters and are cut out.</summary>
    public const int MaxCuts = 64;

    /// <summary>A room lives 300 minutes and may pause for 5 hours.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromHours(24);

    public static readonly TimeSpan CueSpacing = TimeSpan.FromSeconds(1);

    /// <summary>How long a last frame may be taken to last when nothing but the frame before it tells.</summary>
    public static readonly TimeSpan MaxGuessedFrame = TimeSpan.FromSeconds(1);
}
