namespace Clearway.Storage.Recordings;

/// <summary>Gathers chunks up to the size of a block; takes only as much memory as has arrived.</summary>
internal sealed class BlockBuffer : IDisposable
{
    private const int FirstBytes = 256 * 1024;

    private byte[] _bytes = BlockMemory.Pool.Rent(FirstBytes);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, Length);

    public bool IsFull => Length == RecordingLimits.MaxBlockBytes;

    /// <summary>Takes as many bytes as the block still has room for, and returns their number.</summary>
    public int Append(ReadOnlySpan<byte> chunk)
    {
        var taken = Math.Min(chunk.Length, RecordingLimits.MaxBlockBytes - Length);
        if (Length + taken > _bytes.Length)
        {
            Grow(Math.Max(Length + taken, Math.Min(2 * _bytes.Length, RecordingLimits.MaxBlockBytes)));
        }

        chunk[..taken].CopyTo(_bytes.AsSpan(Length));
        Length += taken;
        return taken;
    }

    public void Clear() => Length = 0;

    public void Dispose() => BlockMemory.Pool.Return(_bytes);

    private void Grow(int size)
    {
        var larger = BlockMemory.Pool.Rent(size);
        Bytes.CopyTo(larger);
        BlockMemory.Pool.Return(_bytes);
        _bytes = larger;
    }
}
