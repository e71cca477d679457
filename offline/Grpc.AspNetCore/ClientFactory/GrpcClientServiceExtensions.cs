using Grpc.Net.Client;
using Grpc.Net.ClientFactory;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registration of clients: each is resolved as itself and shares the channel of its name.</summary>
public static class GrpcClientServiceExtensions
{
    public static IHttpClientBuilder AddGrpcClient<TClient>(this IServiceCollection services)
        where TClient : class => services.AddGrpcClient<TClient>(_ => { });

    public static IHttpClientBuilder AddGrpcClient<TClient>(
        this IServiceCollection services, Action<GrpcClientFactoryOptions> configureClient)
        where TClient : class => services.AddGrpcClient<TClient>(typeof(TClient).Name, configureClient);

    public static IHttpClientBuilder AddGrpcClient<TClient>(
        this IServiceCollection services, Action<IServiceProvider, GrpcClientFactoryOptions> configureClient)
        where TClient : class => services.AddGrpcClient<TClient>(typeof(TClient).Name, configureClient);

    public static IHttpClientBuilder AddGrpcClient<TClient>(this IServiceCollection services, string name)
        where TClient : class => services.AddGrpcClient<TClient>(name, _ => { });

    public static IHttpClientBuilder AddGrpcClient<TClient>(
        this IServiceCollection services, string name, Action<GrpcClientFactoryOptions> configureClient)
        where TClient : class
    {
        ArgumentNullException.ThrowIfNull(configureClient);
        return services.AddGrpcClient<TClient>(name, (_, options) => configureClient(options));
    }

    /// <exception cref="InvalidOperationException">The name is taken by a client of another type.</exception>
    public static IHttpClientBuilder AddGrpcClient<TClient>(
        this IServiceCollection services, string name, Action<IServiceProvider, GrpcClientFactoryOptions> configureClient)
        where TClient : class
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configureClient);
        Claim(services, name, typeof(TClient));

        services.AddTransient<IConfigureOptions<GrpcClientFactoryOptions>>(provider =>
            new ConfigureNamedOptions<GrpcClientFactoryOptions>(name, options => configureClient(provider, options)));
        services.TryAddTransient<GrpcClientFactory, DefaultGrpcClientFactory>();
        services.TryAddSingleton<ClientChannels>();
        services.AddTransient(provider => provider.GetRequiredService<GrpcClientFactory>().CreateClient<TClient>(name));
        AddPrimaryHandler(services, name);
        return services.AddHttpClient(name);
    }

    /// <summary>Ahead of all other configuration of the HTTP client, which can replace the handler.</summary>
    private static void AddPrimaryHandler(IServiceCollection services, string name) =>
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<HttpClientFactoryOptions>>(
            new ConfigureNamedOptions<HttpClientFactoryOptions>(name, options =>
                options.HttpMessageHandlerBuilderActions.Add(builder =>
                {
                    // A channel keeps its handler, so connections have to age for changes of the name's addresses to be seen.
                    var handler = GrpcChannel.DefaultHandler();
                    handler.PooledConnectionLifetime = options.HandlerLifetime;
                    builder.PrimaryHandler = handler;
                }))));

    private static void Claim(IServiceCollection services, string name, Type clientType)
    {
        var claim = services.Select(service => service.ImplementationInstance).OfType<ClientName>().FirstOrDefault(c => c.Name == name);
        if (claim is not null && claim.ClientType != clientType)
        {
            throw new InvalidOperationException(
                $"The gRPC client name '{name}' is taken by {claim.ClientType}; give {clientType} a name of its own.");
        }

        services.AddSingleton(new ClientName(name, clientType));
    }

    private sealed record ClientName(string Name, Type ClientType);
}
