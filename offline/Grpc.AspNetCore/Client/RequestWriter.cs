using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client;

/// <summary>The messages of a request stream. A write ends when the connection has taken the message up.</summary>
internal sealed class RequestWriter<TRequest, TResponse>(ClientCall<TRequest, TResponse> call, StreamedContent content)
    : IClientStreamWriter<TRequest>
    where TRequest : class
    where TResponse : class
{
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private bool _isWriting;
    private bool _isCompleted;

    private PipeWriter? _body;
    private MessageWriter? _messages;

    public WriteOptions? WriteOptions { get; set; } = call.Options.WriteOptions;

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        call.ThrowIfDisposed();
        lock (_gate)
        {
            if (_isCompleted)
            {
                throw new InvalidOperationException("Request stream has already been completed.");
            }

            if (call.HasEnded(out var status))
            {
                throw status.StatusCode == StatusCode.OK
                    ? new RpcException(new Status(StatusCode.Cancelled, "The call ended before the request stream."))
                    : call.ToException();
            }

            if (_isWriting)
            {
                throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
            }

            _isWriting = true;
        }

        using var cancellation = call.CancelWith(cancellationToken);
        try
        {
            await WriteCoreAsync(message);
        }
        finally
        {
            lock (_gate)
            {
                _isWriting = false;
            }
        }
    }

    public Task CompleteAsync()
    {
        call.ThrowIfDisposed();
        lock (_gate)
        {
            if (_isWriting)
            {
                throw new InvalidOperationException(
                    "Can't complete the client stream writer because the previous write is in progress.");
            }

            _isCompleted = true;
        }

        content.Complete();
        return Task.CompletedTask;
    }

    private async Task WriteCoreAsync(TRequest message)
    {
        try
        {
            _body ??= await content.Opened;
            _messages ??= new MessageWriter(_body, call.MaxSendBytes);
            _messages.Write(message, call.Method.RequestMarshaller.ContextualSerializer);
            if (WriteOptions is not { } options || !options.Flags.HasFlag(WriteFlags.BufferHint))
            {
                await _body.FlushAsync(call.Stopped);
            }
        }
        catch (Exception e) when (e is not RpcException)
        {
            // The service may have answered early and taken no more; its status is what the caller wants to know.
            await call.WaitForEarlyAnswerAsync();
            throw call.Fail("Error writing the message.", e);
        }
    }
}
