using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>Takes messages off a body. A message is parsed where it lies; nothing is copied in between.</summary>
internal sealed class MessageReader(PipeReader body, int? maxBytes, string? encoding) : DeserializationContext
{
    private ReadOnlySequence<byte> _payload;

    public override int PayloadLength => (int)_payload.Length;

    /// <returns>The next message, or null at the end of the body.</returns>
    /// <exception cref="RpcException">The body is cut, the message is larger than allowed or compressed.</exception>
    public async ValueTask<T?> ReadAsync<T>(Func<DeserializationContext, T> deserializer, CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            var result = await body.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            var consumed = buffer.Start;
            var examined = buffer.End;
            try
            {
                if (TryFindPayload(buffer, out var payload))
                {
                    consumed = examined = payload.End;
                    _payload = payload;
                    return deserializer(this);
                }

                if (result.IsCompleted)
                {
                    return buffer.IsEmpty
                        ? null
                        : throw new RpcException(new Status(StatusCode.Internal, "The body ended inside a message."));
                }

                if (result.IsCanceled)
                {
                    throw new OperationCanceledException("Reading the body was canceled.");
                }
            }
            finally
            {
                _payload = default;
                body.AdvanceTo(consumed, examined);
            }
        }
    }

    /// <summary>The only message of a body.</summary>
    /// <returns>Null when the body is empty.</returns>
    /// <exception cref="RpcException">There is a second message, or one of the faults of <see cref="ReadAsync"/>.</exception>
    public async ValueTask<T?> ReadSingleAsync<T>(Func<DeserializationContext, T> deserializer, CancellationToken cancellationToken)
        where T : class
    {
        var message = await ReadAsync(deserializer, cancellationToken);
        if (message is not null)
        {
            var rest = await body.ReadAsync(cancellationToken);
            var isEnd = rest is { IsCompleted: true, Buffer.IsEmpty: true };
            body.AdvanceTo(rest.Buffer.End);
            if (!isEnd)
            {
                throw new RpcException(new Status(StatusCode.Internal, "More data follows the only message of the call."));
            }
        }

        return message;
    }

    public override byte[] PayloadAsNewBuffer() => _payload.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _payload;

    private bool TryFindPayload(ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> payload)
    {
        payload = default;
        if (buffer.Length < ProtocolNames.PrefixLength)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[ProtocolNames.PrefixLength];
        buffer.Slice(0, ProtocolNames.PrefixLength).CopyTo(prefix);
        ThrowIfCompressed(prefix[0]);
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (length > (uint)(maxBytes ?? int.MaxValue))
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted, $"A message of {length} bytes was received; {maxBytes ?? int.MaxValue} are allowed."));
        }

        if (buffer.Length - ProtocolNames.PrefixLength < length)
        {
            return false;
        }

        payload = buffer.Slice(ProtocolNames.PrefixLength, length);
        return true;
    }

    private void ThrowIfCompressed(byte flag)
    {
        if (flag != 0)
        {
            throw new RpcException(flag == 1 && encoding is not (null or ProtocolNames.Identity)
                ? new Status(
                    StatusCode.Unimplemented,
                    $"Messages compressed with '{encoding}' are not understood; only '{ProtocolNames.Identity}' is.")
                : new Status(StatusCode.Internal, $"A message has the compression flag {flag} without an encoding."));
        }
    }
}
