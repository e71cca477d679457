using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Grpc.Net.ClientFactory;

/// <summary>Makes registered clients by name.</summary>
public abstract class GrpcClientFactory
{
    public abstract TClient CreateClient<TClient>(string name)
        where TClient : class;
}

internal sealed class DefaultGrpcClientFactory(
    IServiceProvider services, ClientChannels channels, IOptionsMonitor<GrpcClientFactoryOptions> options) : GrpcClientFactory
{
    public override TClient CreateClient<TClient>(string name)
    {
        var invoker = channels.Get(name, typeof(TClient));
        return options.Get(name).Creator is { } create
            ? (TClient)create(invoker)
            : ActivatorUtilities.CreateInstance<TClient>(services, invoker);
    }
}
