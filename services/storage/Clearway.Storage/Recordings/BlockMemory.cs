using System.Buffers;
using Microsoft.Extensions.Options;

namespace Clearway.Storage.Recordings;

/// <summary>
/// Memory of blocks between their arrival and the blob server, and how much of it all uploads of this process may hold together: so that many of
/// them cannot take it all, an upload that wants more than the least gets it from the first half only.
/// </summary>
internal sealed class BlockMemory(IOptions<RecordingLimits> limits)
{
    /// <summary>Two uploads' worth of each size.</summary>
    private const int KeptOfEachSize = 4;

    /// <summary>
    /// A pool that keeps a few arrays of each size, whatever threads they come back on: the shared one keeps one for each thread, and with blocks of
    /// 8 MiB that grows to hundreds of them.
    /// </summary>
    private readonly ArrayPool<byte> _pool = ArrayPool<byte>.Create(RecordingLimits.MaxBlockBytes, KeptOfEachSize);

    private long _held;

    /// <summary>Sets aside what an upload cannot do without.</summary>
    /// <returns>False when all is in use.</returns>
    public bool TryEnter(int bytes) => TryTake(bytes, limits.Value.UploadMemoryBytes);

    /// <summary>Sets aside what makes an upload faster.</summary>
    /// <returns>False when half of all is in use.</returns>
    public bool TryGrow(int bytes) => TryTake(bytes, limits.Value.UploadMemoryBytes / 2);

    /// <summary>Gives back what was set aside.</summary>
    public void Release(int bytes) => Interlocked.Add(ref _held, -bytes);

    /// <summary>An array of at least so many bytes, of what was set aside.</summary>
    public byte[] Rent(int bytes) => _pool.Rent(bytes);

    /// <summary>Takes an array back.</summary>
    public void Return(byte[] bytes) => _pool.Return(bytes);

    private bool TryTake(int bytes, long most)
    {
        if (Interlocked.Add(ref _held, bytes) <= most)
        {
            return true;
        }

        Release(bytes);
        return false;
    }
}
