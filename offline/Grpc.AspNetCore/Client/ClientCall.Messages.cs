using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client;

/// <summary>One call and the messages of its response.</summary>
internal sealed class ClientCall<TRequest, TResponse>(GrpcChannel channel, Method<TRequest, TResponse> method, CallOptions options)
    : ClientCall(channel, method, options)
    where TRequest : class
    where TResponse : class
{
    private const int StreamBufferBytes = 64 * 1024;
    private const int StreamMinimumReadBytes = 16 * 1024;

    private PipeReader? _body;
    private MessageReader? _messages;

    public Method<TRequest, TResponse> Method { get; } = method;

    /// <summary>The only message of a response.</summary>
    /// <exception cref="RpcException">The call did not go well.</exception>
    public async Task<TResponse> ReadResponseAsync()
    {
        try
        {
            var response = await ResponseStarted ?? throw new RpcException(NoMessage);
            var messages = await OpenAsync(response, new StreamPipeReaderOptions());
            var message = await messages.ReadSingleAsync(Method.ResponseMarshaller.ContextualDeserializer, Stopped);
            var status = EndWithTrailers(response, unlessFailed: message is null ? NoMessage : null);
            return status.StatusCode == StatusCode.OK ? message! : throw ToException();
        }
        catch (Exception e)
        {
            throw Fail("Error reading the response.", e);
        }
        finally
        {
            await CloseAsync();
        }
    }

    /// <summary>The next message of a response stream.</summary>
    /// <returns>Null at the end of a call that went well.</returns>
    /// <exception cref="RpcException">The call did not go well.</exception>
    public async Task<TResponse?> ReadNextAsync()
    {
        try
        {
            if (await ResponseStarted is not { } response)
            {
                return null;
            }

            var messages = _messages ?? await OpenAsync(
                response, new StreamPipeReaderOptions(bufferSize: StreamBufferBytes, minimumReadSize: StreamMinimumReadBytes));
            if (await messages.ReadAsync(Method.ResponseMarshaller.ContextualDeserializer, Stopped) is { } message)
            {
                return message;
            }

            await CloseAsync();
            return EndWithTrailers(response).StatusCode == StatusCode.OK ? null : throw ToException();
        }
        catch (Exception e)
        {
            await CloseAsync();
            throw Fail("Error reading next message.", e);
        }
    }

    private async Task<MessageReader> OpenAsync(HttpResponseMessage response, StreamPipeReaderOptions bodyOptions)
    {
        _body = PipeReader.Create(await response.Content.ReadAsStreamAsync(Stopped), bodyOptions);
        return _messages = new MessageReader(_body, MaxReceiveBytes, ResponseMetadata.First(response.Headers, ProtocolNames.Encoding));
    }

    private async ValueTask CloseAsync()
    {
        if (_body is { } body)
        {
            _body = null;
            await body.CompleteAsync();
        }
    }
}
