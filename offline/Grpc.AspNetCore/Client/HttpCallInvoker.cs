using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>Makes calls as HTTP/2 requests of one channel.</summary>
internal sealed class HttpCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        using var call = AsyncUnaryCall(method, host, options, request);
        return call.ResponseAsync.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = StartSingle(method, options, request);
        return new AsyncUnaryCall<TResponse>(
            call.ReadResponseAsync(), Headers, Status, Trailers, Dispose, call);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = StartSingle(method, options, request);
        return new AsyncServerStreamingCall<TResponse>(
            new ResponseReader<TRequest, TResponse>(call), Headers, Status, Trailers, Dispose, call);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = StartStream(method, options, out var requests);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            requests, ClientCall.Observed(call.ReadResponseAsync()), Headers, Status, Trailers, Dispose, call);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = StartStream(method, options, out var requests);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            requests, new ResponseReader<TRequest, TResponse>(call), Headers, Status, Trailers, Dispose, call);
    }

    private static Task<Metadata> Headers(object call) => ((ClientCall)call).ReadHeadersAsync();

    private static Status Status(object call) => ((ClientCall)call).GetStatus();

    private static Metadata Trailers(object call) => ((ClientCall)call).GetTrailers();

    private static void Dispose(object call) => ((ClientCall)call).Dispose();

    private ClientCall<TRequest, TResponse> StartSingle<TRequest, TResponse>(
        Method<TRequest, TResponse> method, CallOptions options, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = new ClientCall<TRequest, TResponse>(channel, method, options);
        call.Start(new SingleMessageContent<TRequest>(
            request, method.RequestMarshaller.ContextualSerializer, channel.Options.MaxSendMessageSize));
        return call;
    }

    private ClientCall<TRequest, TResponse> StartStream<TRequest, TResponse>(
        Method<TRequest, TResponse> method, CallOptions options, out RequestWriter<TRequest, TResponse> requests)
        where TRequest : class
        where TResponse : class
    {
        var content = new StreamedContent();
        var call = new ClientCall<TRequest, TResponse>(channel, method, options);
        requests = new RequestWriter<TRequest, TResponse>(call, content);
        call.Start(content);
        return call;
    }
}
