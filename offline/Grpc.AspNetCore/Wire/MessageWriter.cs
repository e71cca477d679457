using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>Puts messages on a body, straight into its buffer when their length is known first. One writer at a time.</summary>
internal sealed class MessageWriter(PipeWriter body, int? maxBytes) : SerializationContext
{
    /// <summary>Up to this size a message is asked to lie in one piece of the buffer.</summary>
    private const int MaxContiguousBytes = 128 * 1024;

    private int? _length;
    private ArrayBufferWriter<byte>? _unmeasured;
    private bool _isComplete;

    /// <summary>Buffers one message; flushing is up to the caller.</summary>
    /// <exception cref="RpcException">The message is larger than allowed.</exception>
    public void Write<T>(T message, Action<T, SerializationContext> serializer)
    {
        _length = null;
        _unmeasured = null;
        _isComplete = false;
        serializer(message, this);
        if (!_isComplete)
        {
            throw new InvalidOperationException("The marshaller did not complete the message.");
        }
    }

    public override void SetPayloadLength(int payloadLength) => _length = payloadLength;

    public override IBufferWriter<byte> GetBufferWriter()
    {
        if (_length is not { } length)
        {
            return _unmeasured ??= new ArrayBufferWriter<byte>();
        }

        WritePrefix(length);
        return body;
    }

    public override void Complete()
    {
        if (_unmeasured is { } unmeasured)
        {
            WritePrefix(unmeasured.WrittenCount);
            body.Write(unmeasured.WrittenSpan);
        }

        _isComplete = true;
    }

    public override void Complete(byte[] payload)
    {
        WritePrefix(payload.Length);
        body.Write(payload);
        _isComplete = true;
    }

    private void WritePrefix(int length)
    {
        if (length > maxBytes)
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted, $"A message of {length} bytes was about to be sent; {maxBytes} are allowed."));
        }

        var prefix = body.GetSpan(ProtocolNames.PrefixLength + Math.Min(length, MaxContiguousBytes));
        prefix[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(prefix[1..], length);
        body.Advance(ProtocolNames.PrefixLength);
    }
}
