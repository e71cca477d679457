using Grpc.Core;
using Grpc.Wire;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client;

/// <summary>How a channel connects, and what its calls may carry.</summary>
public sealed class GrpcChannelOptions
{
    public ChannelCredentials? Credentials { get; set; }

    /// <summary>Bytes of one message; null, the default, allows any size.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>Bytes of one message; null allows any size, the default is 4 MiB.</summary>
    public int? MaxReceiveMessageSize { get; set; } = ProtocolNames.DefaultMaxReceiveMessageSize;

    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Either this or <see cref="HttpHandler"/>.</summary>
    public HttpClient? HttpClient { get; set; }

    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>True disposes the client or handler that was given together with the channel.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>True throws <see cref="OperationCanceledException"/> instead of <see cref="RpcException"/> for canceled calls.</summary>
    public bool ThrowOperationCanceledOnCancellation { get; set; }
}
