using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;
using Grpc.Core;

namespace Clearway.Proxy;

/// <summary>Bodies of requests that go to a service in messages of 64 KiB.</summary>
internal static class UploadStream
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>
    /// Sends a header and a body. Each message is written before the next one is read, so that an upload holds one buffer however long it is, and
    /// the client is slowed to the speed of the service.
    /// </summary>
    /// <param name="call">The call that takes them.</param>
    /// <param name="header">Its first message.</param>
    /// <param name="part">Makes a message of a chunk, which is good until the message is written.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="cancellationToken">Ends the sending.</param>
    /// <returns>The service's answer.</returns>
    /// <exception cref="RpcException">The service refuses.</exception>
    internal static async Task<TResponse> SendAsync<TRequest, TResponse>(
        AsyncClientStreamingCall<TRequest, TResponse> call,
        TRequest header,
        Func<ByteString, TRequest> part,
        PipeReader body,
        CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            await call.RequestStream.WriteAsync(header, cancellationToken);
            for (var ended = false; !ended;)
            {
                (var filled, ended) = await FillAsync(body, buffer.AsMemory(0, ChunkBytes), cancellationToken);
                if (filled > 0)
                {
                    await call.RequestStream.WriteAsync(part(UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, filled))), cancellationToken);
                }
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // The service refused before it had read everything; its answer says why.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return await call.ResponseAsync;
    }

    /// <summary>Takes bytes until the buffer is full or the body ends.</summary>
    private static async Task<(int Filled, bool Ended)> FillAsync(PipeReader body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await body.ReadAtLeastAsync(buffer.Length, cancellationToken);
        var filled = (int)Math.Min(read.Buffer.Length, buffer.Length);
        var taken = read.Buffer.Slice(0, filled);
        taken.CopyTo(buffer.Span);
        var ended = read.IsCompleted && filled == read.Buffer.Length;
        body.AdvanceTo(taken.End);
        return (filled, ended);
    }
}
