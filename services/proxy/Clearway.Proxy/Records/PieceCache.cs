using Grpc.Core;
using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;

namespace Clearway.Proxy.Records;

/// <summary>How much of sealed recordings is kept close to those who ask; configuration section <c>PieceCache</c>.</summary>
internal sealed class PieceCacheOptions
{
    /// <summary>Bytes on the disk; less than a piece for none.</summary>
    public long Bytes { get; set; } = 512L << 20;
}

/// <summary>Bytes of a sealed recording.</summary>
/// <param name="EntityTag">Strong entity tag of the file: other bytes have another one.</param>
/// <param name="First">Offset of the first byte.</param>
/// <param name="Length">Number of bytes.</param>
internal readonly record struct Piece(string EntityTag, long First, int Length);

/// <summary>
/// Pieces of sealed recordings in a scratch file of bounded size; those that were asked for least recently make room. Sealed bytes never
/// change, so nothing here can be out of date; whether somebody may have them is asked of storage each time, before. The file has no name:
/// it is gone with the process, however that ends.
/// </summary>
internal sealed partial class PieceCache : IDisposable
{
    /// <summary>Bytes in a piece; the last of a file has fewer.</summary>
    internal const int PieceBytes = 4 << 20;

    private static readonly TimeSpan FillPatience = TimeSpan.FromSeconds(30);

    private readonly SafeFileHandle? _file;
    private readonly ILogger<PieceCache> _log;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<Piece, Slot> _slots = []; // guarded by _gate
    private readonly LinkedList<Slot> _byUse = new(); // guarded by _gate; what was asked for last is last

    public PieceCache(IOptions<PieceCacheOptions> options, TimeProvider time, ILogger<PieceCache> log)
    {
        (_time, _log) = (time, log);
        var slots = options.Value.Bytes / PieceBytes;
        if (slots <= 0)
        {
            return;
        }

        // Readable to nobody else, and then without a name.
        var folder = Directory.CreateTempSubdirectory("clearway-pieces-");
        _file = File.OpenHandle(Path.Combine(folder.FullName, "pieces"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete);
        folder.Delete(recursive: true);
        for (var i = 0; i < slots; i++)
        {
            _byUse.AddLast(new Slot(i * (long)PieceBytes).Node);
        }
    }

    /// <summary>Reads bytes of a piece, which is fetched first where it is not here.</summary>
    /// <param name="piece">Which.</param>
    /// <param name="offset">Of the first byte wanted, within the piece.</param>
    /// <param name="buffer">Takes as many as it holds, and no more than the piece has.</param>
    /// <param name="fetch">Gets the piece's bytes in their order; called once for all who wait for it.</param>
    /// <param name="cancellationToken">Ends the waiting, not the fetching.</param>
    /// <returns>The number of bytes; 0 when the piece cannot be had by way of this cache.</returns>
    public async ValueTask<int> ReadAsync(
        Piece piece,
        int offset,
        Memory<byte> buffer,
        Func<Piece, CancellationToken, IAsyncEnumerable<ReadOnlyMemory<byte>>> fetch,
        CancellationToken cancellationToken)
    {
        if (Take(piece, fetch) is not { } slot)
        {
            return 0;
        }

        try
        {
            // Not asynchronously: the page cache has nearly all of it, and otherwise another thread of the pool would wait in the place of this one.
            return await slot.Filled.WaitAsync(cancellationToken)
                ? RandomAccess.Read(_file!, buffer.Span[..Math.Min(buffer.Length, piece.Length - offset)], slot.Start + offset)
                : 0;
        }
        catch (IOException failure)
        {
            LogFailure(_log, failure.Message);
            return 0;
        }
        finally
        {
            Release(slot);
        }
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>The slot that has the piece or is being filled with it, kept until it is released; null when all are in use.</summary>
    private Slot? Take(Piece piece, Func<Piece, CancellationToken, IAsyncEnumerable<ReadOnlyMemory<byte>>> fetch)
    {
        lock (_gate)
        {
            if (_slots.TryGetValue(piece, out var slot))
            {
                slot.Users++;
                _byUse.Remove(slot.Node);
                _byUse.AddLast(slot.Node);
                return slot;
            }

            slot = _byUse.FirstOrDefault(candidate => candidate.Users == 0);
            if (slot is null)
            {
                return null;
            }

            if (slot.Holds is { } before)
            {
                _slots.Remove(before);
            }

            // One user for whoever asks, and one for the filling.
            (slot.Holds, slot.Users) = (piece, 2);
            _slots.Add(piece, slot);
            _byUse.Remove(slot.Node);
            _byUse.AddLast(slot.Node);
            slot.Filled = Task.Run(() => FillAsync(slot, piece, fetch));
            return slot;
        }
    }

    private void Release(Slot slot)
    {
        lock (_gate)
        {
            slot.Users--;
        }
    }

    /// <returns>Whether the whole piece is here.</returns>
    private async Task<bool> FillAsync(
        Slot slot, Piece piece, Func<Piece, CancellationToken, IAsyncEnumerable<ReadOnlyMemory<byte>>> fetch)
    {
        using var patience = new CancellationTokenSource(FillPatience, _time);
        var filled = 0;
        try
        {
            await foreach (var bytes in fetch(piece, patience.Token))
            {
                if (filled + bytes.Length > piece.Length)
                {
                    break;
                }

                await RandomAccess.WriteAsync(_file!, bytes, slot.Start + filled, patience.Token);
                filled += bytes.Length;
            }
        }
        catch (Exception failure) when (failure is IOException or RpcException or OperationCanceledException or InvalidDataException)
        {
            // Whoever waits asks storage itself, and hears from it what is wrong.
            LogFailure(_log, failure.Message);
            filled = -1;
        }

        lock (_gate)
        {
            slot.Users--;
            if (filled != piece.Length)
            {
                slot.Holds = null;
                _slots.Remove(piece);
            }
        }

        return filled == piece.Length;
    }

    [LoggerMessage(EventId = 231, Level = LogLevel.Warning, Message = "A piece of a recording cannot be kept: {Reason}")]
    private static partial void LogFailure(ILogger log, string reason);

    /// <summary>Room for one piece. All but the place are guarded by the cache's gate.</summary>
    private sealed class Slot
    {
        internal Slot(long start) => (Start, Node) = (start, new LinkedListNode<Slot>(this));

        internal long Start { get; }

        internal LinkedListNode<Slot> Node { get; }

        internal Piece? Holds { get; set; }

        /// <summary>Readers, and the filling; a slot with none may be taken for another piece.</summary>
        internal int Users { get; set; }

        internal Task<bool> Filled { get; set; } = Task.FromResult(false);
    }
}
