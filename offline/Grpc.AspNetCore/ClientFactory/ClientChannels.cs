using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.Net.ClientFactory;

/// <summary>One channel per registered client, made when it is first needed, over the handlers of its HTTP client.</summary>
internal sealed class ClientChannels(
    IOptionsMonitor<GrpcClientFactoryOptions> options, IHttpMessageHandlerFactory handlers, ILoggerFactory loggers) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<(GrpcChannel Channel, CallInvoker Invoker)>> _channels = new();

    /// <exception cref="InvalidOperationException">The client has no address.</exception>
    public CallInvoker Get(string name, Type clientType) =>
        _channels.GetOrAdd(name, _ => new(() => Create(name, clientType))).Value.Invoker;

    public void Dispose()
    {
        foreach (var channel in _channels.Values.Where(channel => channel.IsValueCreated))
        {
            channel.Value.Channel.Dispose();
        }
    }

    private (GrpcChannel Channel, CallInvoker Invoker) Create(string name, Type clientType)
    {
        var client = options.Get(name);
        var address = client.Address ?? throw new InvalidOperationException(
            $"The gRPC client '{name}' has no address: services.AddGrpcClient<{clientType.Name}>(o => o.Address = ...).");
        var channelOptions = new GrpcChannelOptions { HttpHandler = handlers.CreateHandler(name), LoggerFactory = loggers };
        foreach (var configure in client.ChannelOptionsActions)
        {
            configure(channelOptions);
        }

        var channel = GrpcChannel.ForAddress(address, channelOptions);
        return (channel, channel.CreateCallInvoker());
    }
}
