namespace Clearway.Storage.Tests;

/// <summary>A recording as a browser uploads it.</summary>
internal static class Sample
{
    public static readonly byte[] Bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Samples", "media-recorder.webm"));

    /// <summary>Offset of the first Cluster.</summary>
    public const int FirstCluster = 188;

    /// <summary>End of the last frame, as it was recorded.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(20);
}
