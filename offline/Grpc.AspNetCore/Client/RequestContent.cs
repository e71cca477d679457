using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client;

/// <summary>The body of a request: messages of a length that is not known first.</summary>
internal abstract class RequestContent : HttpContent
{
    private const int MinimumBufferBytes = 16 * 1024;

    private static readonly MediaTypeHeaderValue GrpcType = new(ProtocolNames.ContentType);

    protected RequestContent() => Headers.ContentType = GrpcType;

    /// <summary>Lets go of whoever waits for the body, because the call has ended.</summary>
    public virtual void Abort()
    {
    }

    protected static PipeWriter BufferFor(Stream stream) =>
        PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: MinimumBufferBytes, leaveOpen: true));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected abstract override Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}

/// <summary>A body of one message. It can be sent again, should a handler try a second time.</summary>
internal sealed class SingleMessageContent<T>(T message, Action<T, SerializationContext> serializer, int? maxBytes) : RequestContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var body = BufferFor(stream);
        new MessageWriter(body, maxBytes).Write(message, serializer);
        await body.FlushAsync(cancellationToken);
        await body.CompleteAsync();
    }
}

/// <summary>A body that stays open until its writer completes it.</summary>
internal sealed class StreamedContent : RequestContent
{
    private readonly TaskCompletionSource<PipeWriter> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Continues in line: the end of the body is on its way before <see cref="Complete"/> returns.</summary>
    private readonly TaskCompletionSource _completed = new();

    /// <summary>The body's buffer, once there is a connection.</summary>
    public Task<PipeWriter> Opened => _opened.Task;

    public void Complete() => _completed.TrySetResult();

    public override void Abort()
    {
        _opened.TrySetCanceled();
        _completed.TrySetCanceled();
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // Request headers wait for the first byte of a body otherwise.
        await stream.FlushAsync(cancellationToken);
        var body = BufferFor(stream);
        if (!_opened.TrySetResult(body))
        {
            throw new InvalidOperationException("The request stream was aborted, or sent before.");
        }

        using var registration = cancellationToken.Register(() => _completed.TrySetCanceled(cancellationToken));
        await _completed.Task;
        await body.CompleteAsync();
    }
}
