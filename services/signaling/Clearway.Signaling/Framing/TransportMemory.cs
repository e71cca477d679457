using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Clearway.Signaling.Framing;

/// <summary>
/// The memory of the transport's pipes, in blocks of 32 KiB: a block caps what one read from a socket brings, and with the platform's
/// 4 KiB a batch holds three offers. Idle connections hold no block, so their size costs nothing at rest.
/// </summary>
internal sealed class TransportMemory : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    internal const int BlockBytes = 32 * 1024;

    // 8 MiB: more than that at rest would be a burst's leftovers.
    private const int MaxBlocksAtRest = 256;

    // The block given back last is taken first: it is still in the processor's cache.
    private readonly Stack<Block> _blocks = []; // guarded by _gate
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public override int MaxBufferSize => BlockBytes;

    /// <inheritdoc/>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        lock (_gate)
        {
            if (_blocks.TryPop(out var block))
            {
                return block;
            }
        }

        return new Block(this);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // One pool serves all connections for as long as the process lives.
    }

    private void Return(Block block)
    {
        lock (_gate)
        {
            if (_blocks.Count < MaxBlocksAtRest)
            {
                _blocks.Push(block);
            }
        }
    }

    private sealed class Block(TransportMemory pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);

        public void Dispose() => pool.Return(this);
    }
}
