using System.Buffers;

namespace Clearway.Storage.Recordings;

/// <summary>Memory of blocks between their arrival and the blob server.</summary>
internal static class BlockMemory
{
    /// <summary>Two uploads' worth of each size.</summary>
    private const int KeptOfEachSize = 4;

    /// <summary>
    /// A pool that keeps a few arrays of each size, whatever threads they come back on: the shared one keeps one for each thread, and with blocks of
    /// 8 MiB that grows to hundreds of them.
    /// </summary>
    public static ArrayPool<byte> Pool { get; } = ArrayPool<byte>.Create(RecordingLimits.MaxBlockBytes, KeptOfEachSize);
}
