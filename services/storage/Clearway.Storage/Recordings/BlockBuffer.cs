namespace Clearway.Storage.Recordings;

/// <summary>
/// Gathers chunks up to the size of a block; takes only as much memory as has arrived. Where there is no more of it, the block ends at what
/// there is.
/// </summary>
/// <param name="memory">Gives the memory; the first <see cref="FirstBytes"/> are set aside by whoever makes the buffer.</param>
internal sealed class BlockBuffer(BlockMemory memory) : IDisposable
{
    public const int FirstBytes = 256 * 1024;

    private byte[] _bytes = memory.Rent(FirstBytes);
    private int _grownBytes;
    private bool _isAtItsLargest;

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, Length);

    public bool IsFull => Length == (_isAtItsLargest ? _bytes.Length : RecordingLimits.MaxBlockBytes);

    /// <summary>Takes as many bytes as the block still has room for, and returns their number.</summary>
    public int Append(ReadOnlySpan<byte> chunk)
    {
        var taken = Math.Min(chunk.Length, RecordingLimits.MaxBlockBytes - Length);
        if (Length + taken > _bytes.Length && !TryGrow(Math.Max(Length + taken, Math.Min(2 * _bytes.Length, RecordingLimits.MaxBlockBytes))))
        {
            taken = _bytes.Length - Length;
        }

        chunk[..taken].CopyTo(_bytes.AsSpan(Length));
        Length += taken;
        return taken;
    }

    public void Clear() => (Length, _isAtItsLargest) = (0, false);

    public void Dispose()
    {
        memory.Return(_bytes);
        memory.Release(_grownBytes);
    }

    private bool TryGrow(int size)
    {
        var more = size - _bytes.Length;
        if (!memory.TryGrow(more))
        {
            _isAtItsLargest = true;
            return false;
        }

        _grownBytes += more;
        var larger = memory.Rent(size);
        Bytes.CopyTo(larger);
        memory.Return(_bytes);
        _bytes = larger;
        return true;
    }
}
