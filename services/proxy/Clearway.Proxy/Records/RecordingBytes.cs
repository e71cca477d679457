using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Clearway.Storage.V1;
using Grpc.Core;
using RecordingClient = Clearway.Storage.V1.RecordingService.RecordingServiceClient;

namespace Clearway.Proxy.Records;

/// <summary>
/// The bytes of sealed recordings, from <see cref="PieceCache"/> or from storage. All downloads together hold a bounded amount of memory: the more
/// there are, the less each takes at a time.
/// </summary>
internal sealed class RecordingBytes(RecordingClient storage, PieceCache pieces)
{
    private const int MostBytes = 2 << 20;
    private const int SmallestTake = 8 * 1024;

    /// <summary>Blocks of twice this size would be large objects, which stay until the whole heap is collected.</summary>
    private const int LargestTake = 64 * 1024;

    private int _sending;

    /// <summary>Asks storage whether somebody may have a file, and what of it they asked for.</summary>
    /// <param name="request">For the header only.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="RpcException">They may not, or there is no such part.</exception>
    internal async Task<ReadHeader> HeaderAsync(ReadRequest request, CancellationToken cancellationToken)
    {
        using var call = storage.Read(request, cancellationToken: cancellationToken);
        return await call.ResponseStream.MoveNext(cancellationToken) && call.ResponseStream.Current.Header is { } header
            ? header
            : throw new InvalidOperationException("Storage answered a read without a header.");
    }

    /// <summary>Sends bytes of a file.</summary>
    /// <param name="request">The request by which storage let somebody have it.</param>
    /// <param name="header">Storage's answer.</param>
    /// <param name="first">Offset of the first byte.</param>
    /// <param name="length">Number of bytes.</param>
    /// <param name="body">Takes them.</param>
    /// <param name="cancellationToken">Ends the sending.</param>
    /// <exception cref="RpcException">Storage does not give them any more.</exception>
    /// <exception cref="InvalidDataException">Storage has other bytes now.</exception>
    internal async Task SendAsync(
        ReadRequest request, ReadHeader header, long first, long length, PipeWriter body, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _sending);
        try
        {
            for (var end = first + length; first < end;)
            {
                var start = first / PieceCache.PieceBytes * PieceCache.PieceBytes;
                var piece = new Piece(header.Etag, start, (int)Math.Min(PieceCache.PieceBytes, header.Recording.SizeBytes - start));
                var take = (int)Math.Min(end - first, Math.Clamp(MostBytes / Volatile.Read(ref _sending), SmallestTake, LargestTake));
                var taken = await TakeAsync(request, piece, (int)(first - start), take, body, cancellationToken);
                if (taken > 0)
                {
                    await body.FlushAsync(cancellationToken);
                    first += taken;
                }
                else
                {
                    var rest = new Piece(header.Etag, first, (int)(Math.Min(end, start + piece.Length) - first));
                    await foreach (var bytes in FetchAsync(request, rest, cancellationToken))
                    {
                        await body.WriteAsync(bytes, cancellationToken);
                    }

                    first += rest.Length;
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _sending);
        }
    }

    /// <summary>Puts bytes of a piece into the body, unless the piece cannot be had from the cache.</summary>
    /// <returns>Their number.</returns>
    private async ValueTask<int> TakeAsync(
        ReadRequest request, Piece piece, int offset, int take, PipeWriter body, CancellationToken cancellationToken)
    {
        ValueTask<int> ReadAsync(Memory<byte> buffer) => pieces.ReadAsync(
            piece, offset, buffer, (wanted, cancel) => FetchAsync(request, wanted, cancel), cancellationToken);

        // Few downloads: straight into what is sent, in one block and by one call.
        if (take == LargestTake)
        {
            var read = await ReadAsync(body.GetMemory(take)[..take]);
            body.Advance(read);
            return read;
        }

        // Many: by way of a buffer that is given back at once, into the transport's own small blocks, which last for any number of slow readers.
        var buffer = ArrayPool<byte>.Shared.Rent(take);
        try
        {
            var taken = await ReadAsync(buffer.AsMemory(0, take));
            body.Write(buffer.AsSpan(0, taken));
            return taken;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Bytes of a file from storage.</summary>
    private async IAsyncEnumerable<ReadOnlyMemory<byte>> FetchAsync(
        ReadRequest request, Piece piece, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = new ReadRequest(request)
        {
            Range = string.Create(CultureInfo.InvariantCulture, $"bytes={piece.First}-{piece.First + piece.Length - 1}"),
            IfRange = "",
            HeaderOnly = false,
        };
        using var call = storage.Read(wanted, cancellationToken: cancellationToken);
        for (var left = piece.Length; await call.ResponseStream.MoveNext(cancellationToken);)
        {
            if (call.ResponseStream.Current.Header is { } header)
            {
                Must(header.Etag == piece.EntityTag && header.Parts is [var part] && part.First == piece.First && part.Length == piece.Length);
                continue;
            }

            var bytes = call.ResponseStream.Current.Chunk.Memory;
            left -= bytes.Length;
            Must(left >= 0);
            yield return bytes;
            if (left == 0)
            {
                yield break;
            }
        }

        Must(false);

        static void Must(bool isAsAnnounced)
        {
            if (!isAsAnnounced)
            {
                throw new InvalidDataException("Storage sent other bytes than it announced.");
            }
        }
    }
}
