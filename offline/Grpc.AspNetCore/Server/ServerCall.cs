using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Grpc.AspNetCore.Server;

/// <summary>Messages of one call in both directions.</summary>
internal sealed class ServerCall<TRequest, TResponse>
    where TRequest : class
    where TResponse : class
{
    private readonly Method<TRequest, TResponse> _method;
    private readonly MessageReader _reader;
    private readonly MessageWriter _writer;

    public ServerCall(HttpServerCallContext context, Method<TRequest, TResponse> method, MessageLimits limits)
    {
        Context = context;
        _method = method;
        var http = context.HttpContext;
        string? encoding = http.Request.Headers[ProtocolNames.Encoding];
        if (encoding is not (null or ProtocolNames.Identity))
        {
            http.Response.Headers[ProtocolNames.AcceptEncoding] = ProtocolNames.Identity;
        }

        _reader = new MessageReader(http.Request.BodyReader, limits.MaxReceiveBytes, encoding);
        _writer = new MessageWriter(http.Response.BodyWriter, limits.MaxSendBytes);
    }

    public HttpServerCallContext Context { get; }

    /// <exception cref="RpcException">The request is not exactly one message.</exception>
    public async Task<TRequest> ReadRequestAsync() =>
        await FromCallerAsync(_reader.ReadSingleAsync(_method.RequestMarshaller.ContextualDeserializer, CancellationToken.None))
        ?? throw new RpcException(new Status(StatusCode.Internal, "The request has no message."));

    public ValueTask<TRequest?> ReadNextAsync(CancellationToken cancellationToken) =>
        FromCallerAsync(_reader.ReadAsync(_method.RequestMarshaller.ContextualDeserializer, cancellationToken));

    /// <summary>Writes the only message of the response; it leaves together with the trailers.</summary>
    public async Task WriteResponseAsync(TResponse? response)
    {
        if (response is null)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "No message returned from method."));
        }

        await Context.HttpContext.Response.StartAsync();
        lock (Context.ResponseGate)
        {
            // The service did its part: that nobody waits for the answer any more is no fault of it.
            if (Context.IsOver)
            {
                throw new OperationCanceledException("The call ended before its response was ready.");
            }

            _writer.Write(response, _method.ResponseMarshaller.ContextualSerializer);
        }
    }

    public async Task WriteNextAsync(TResponse response, CancellationToken cancellationToken)
    {
        var http = Context.HttpContext.Response;
        if (!http.HasStarted)
        {
            await http.StartAsync(cancellationToken);
        }

        Buffer(response);
        if (Context.WriteOptions is not { } options || !options.Flags.HasFlag(WriteFlags.BufferHint))
        {
            await http.BodyWriter.FlushAsync(cancellationToken);
        }
    }

    /// <summary>Takes the host's limits of time and size off a stream that may last.</summary>
    public void AllowLongCall()
    {
        var features = Context.HttpContext.Features;
        features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
        if (_method.Type == MethodType.ServerStreaming)
        {
            return;
        }

        if (features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
    }

    /// <summary>A caller's reset shows in a read before Kestrel signals that the request was aborted.</summary>
    private async ValueTask<TRequest?> FromCallerAsync(ValueTask<TRequest?> message)
    {
        try
        {
            return await message;
        }
        catch (IOException)
        {
            Context.IsReset = true;
            throw;
        }
    }

    private void Buffer(TResponse response)
    {
        lock (Context.ResponseGate)
        {
            Context.ThrowIfEnded();
            _writer.Write(response, _method.ResponseMarshaller.ContextualSerializer);
        }
    }
}
