using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grpc.Net.Client;

/// <summary>A way to one service address over HTTP/2. Costly to make: keep it and share it.</summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly bool _ownsHttp;
    private readonly CancellationTokenSource _disposed = new();

    private GrpcChannel(Uri address, GrpcChannelOptions options)
        : base(address.Authority)
    {
        Address = address;
        Disposed = _disposed.Token;
        Options = options;
        Logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("Grpc.Net.Client.Internal.GrpcCall");
        Http = (HttpMessageInvoker?)options.HttpClient
            ?? new HttpMessageInvoker(options.HttpHandler ?? DefaultHandler(), disposeHandler: true);
        _ownsHttp = options.DisposeHttpClient || (options.HttpClient is null && options.HttpHandler is null);
    }

    internal Uri Address { get; }

    internal GrpcChannelOptions Options { get; }

    internal HttpMessageInvoker Http { get; }

    internal ILogger Logger { get; }

    /// <summary>Ends the calls of a channel that is disposed.</summary>
    internal CancellationToken Disposed { get; }

    public static GrpcChannel ForAddress(string address) => ForAddress(address, new GrpcChannelOptions());

    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions) => ForAddress(new Uri(address), channelOptions);

    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    /// <exception cref="ArgumentException">Both a client and a handler are set, or the scheme is neither http nor https.</exception>
    /// <exception cref="InvalidOperationException">The credentials do not fit the scheme.</exception>
    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        if (channelOptions is { HttpClient: not null, HttpHandler: not null })
        {
            throw new ArgumentException("HttpClient and HttpHandler are both set; only one can make the requests.");
        }

        if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
        {
            throw new ArgumentException($"No address resolver is configured for the scheme '{address.Scheme}'.");
        }

        var isSecure = address.Scheme == Uri.UriSchemeHttps;
        if (channelOptions.Credentials is { } credentials && credentials == ChannelCredentials.SecureSsl != isSecure)
        {
            throw new InvalidOperationException($"The channel's credentials do not fit an address with the scheme '{address.Scheme}'.");
        }

        return new GrpcChannel(address, channelOptions);
    }

    public override CallInvoker CreateCallInvoker()
    {
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        return new HttpCallInvoker(this);
    }

    public void Dispose()
    {
        if (_disposed.IsCancellationRequested)
        {
            return;
        }

        _disposed.Cancel();
        _disposed.Dispose();
        if (_ownsHttp)
        {
            Http.Dispose();
        }
    }

    internal static SocketsHttpHandler DefaultHandler() => new() { EnableMultipleHttp2Connections = true };

    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }
}
