using System.Runtime.CompilerServices;
using Clearway.Proxy.Records;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace Clearway.Proxy.Tests;

public sealed class PieceCacheTests
{
    private int _fetches;

    [Fact]
    public async Task Piece_AskedForByManyAtOnce_IsFetchedOnce()
    {
        using var cache = Cache(pieces: 2);
        var reads = Enumerable.Range(0, 50).Select(i => ReadAsync(cache, Piece(0), i, 1000));
        var bytes = await Task.WhenAll(reads);
        Assert.All(bytes.Index(), read => Assert.Equal(Bytes(0)[read.Index..(read.Index + 1000)], read.Item));
        Assert.Equal(1, _fetches);
    }

    [Fact]
    public async Task Piece_AskedForLeastRecently_MakesRoom()
    {
        using var cache = Cache(pieces: 2);
        foreach (var number in (int[])[0, 1, 0, 2, 0, 1])
        {
            Assert.Equal(Bytes(number)[7..16], await ReadAsync(cache, Piece(number), 7, 9));
        }

        // 1 was asked for before 0 when 2 came, and had to come again.
        Assert.Equal(4, _fetches);
    }

    [Fact]
    public async Task Piece_ThatCannotBeFetchedWhole_IsNotKept()
    {
        using var cache = Cache(pieces: 1);
        var read = await cache.ReadAsync(Piece(0), 0, new byte[10], (_, _) => Short(), default);
        Assert.Equal(0, read);
        Assert.Equal(Bytes(0)[..10], await ReadAsync(cache, Piece(0), 0, 10));

        static async IAsyncEnumerable<ReadOnlyMemory<byte>> Short()
        {
            await Task.Yield();
            yield return new byte[100];
            throw new IOException("The connection broke.");
        }
    }

    [Fact]
    public async Task End_OfAPiece_EndsWhatIsRead()
    {
        using var cache = Cache(pieces: 1);
        Assert.Equal(5, (await ReadAsync(cache, Piece(0), PieceCache.PieceBytes - 5, 100)).Length);
    }

    [Fact]
    public async Task CacheInUse_LeavesTheReaderToStorage()
    {
        using var cache = Cache(pieces: 1);
        var filling = new TaskCompletionSource();
        var first = cache.ReadAsync(Piece(0), 0, new byte[10], Slow, default).AsTask();
        Assert.Equal(0, await cache.ReadAsync(Piece(1), 0, new byte[10], FetchAsync, default));
        filling.SetResult();
        Assert.Equal(10, await first);

        async IAsyncEnumerable<ReadOnlyMemory<byte>> Slow(Piece piece, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await filling.Task.WaitAsync(cancellationToken);
            yield return Bytes(0);
        }
    }

    private static PieceCache Cache(int pieces) => new(
        Options.Create(new PieceCacheOptions { Bytes = pieces * (long)PieceCache.PieceBytes }), TimeProvider.System, NullLogger<PieceCache>.Instance);

    private static Piece Piece(int number) => new("\"e\"", number * (long)PieceCache.PieceBytes, PieceCache.PieceBytes);

    private static byte[] Bytes(int number)
    {
        var bytes = new byte[PieceCache.PieceBytes];
        new Random(number).NextBytes(bytes);
        return bytes;
    }

    private async Task<byte[]> ReadAsync(PieceCache cache, Piece piece, int offset, int length)
    {
        var buffer = new byte[length];
        return buffer[..await cache.ReadAsync(piece, offset, buffer, FetchAsync, default)];
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> FetchAsync(Piece piece, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _fetches);
        var bytes = Bytes((int)(piece.First / PieceCache.PieceBytes));
        for (var sent = 0; sent < bytes.Length; sent += 64 * 1024)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return bytes.AsMemory(sent, 64 * 1024);
        }
    }
}
