using System.Reflection;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server;

/// <summary>Collects the methods of a service from its generated base class.</summary>
internal sealed class ServiceMethodBinder<TService> : ServiceBinderBase
    where TService : class
{
    private readonly MethodEnvironment _environment;

    public ServiceMethodBinder(IServiceProvider services)
    {
        var host = services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value;
        var service = services.GetRequiredService<IOptions<GrpcServiceOptions<TService>>>().Value;
        _environment = new MethodEnvironment(
            MessageLimits.Of(service, host),
            service.EnableDetailedErrors ?? host.EnableDetailedErrors ?? false,
            services.GetRequiredService<ILoggerFactory>().CreateLogger("Grpc.AspNetCore.Server.ServerCallHandler"));
    }

    public List<ServerMethod> Methods { get; } = [];

    /// <exception cref="InvalidOperationException">The service has no generated base class.</exception>
    public void Bind()
    {
        for (var type = typeof(TService); type is not null; type = type.BaseType)
        {
            if (type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is { } attribute)
            {
                var bind = attribute.BindType.GetMethod(
                    attribute.BindMethodName,
                    BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic,
                    [typeof(ServiceBinderBase), type])
                    ?? throw new InvalidOperationException($"{attribute.BindType} cannot bind {type}.");
                bind.Invoke(null, [this, null]);
                return;
            }
        }

        throw new InvalidOperationException($"{typeof(TService)} does not derive from a generated service class.");
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var invoke = Implementation<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>(method, out var attributes);
        Add(method, attributes, async (service, call) =>
        {
            var request = await call.ReadRequestAsync();
            await call.WriteResponseAsync(await invoke(service, request, call.Context));
        });
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var invoke = Implementation<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>(
            method, out var attributes);
        Add(method, attributes, async (service, call) =>
        {
            call.AllowLongCall();
            await call.WriteResponseAsync(await invoke(service, new RequestStream<TRequest, TResponse>(call), call.Context));
        });
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var invoke = Implementation<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
            method, out var attributes);
        Add(method, attributes, async (service, call) =>
        {
            call.AllowLongCall();
            var request = await call.ReadRequestAsync();
            await invoke(service, request, new ResponseStream<TRequest, TResponse>(call), call.Context);
        });
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var invoke =
            Implementation<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
                method, out var attributes);
        Add(method, attributes, (service, call) =>
        {
            call.AllowLongCall();
            return invoke(
                service, new RequestStream<TRequest, TResponse>(call), new ResponseStream<TRequest, TResponse>(call), call.Context);
        });
    }

    private static TDelegate Implementation<TDelegate>(IMethod method, out List<object> attributes)
        where TDelegate : Delegate
    {
        var parameters = typeof(TDelegate).GetGenericArguments()[1..^1];
        var implementation = typeof(TService).GetMethod(method.Name, BindingFlags.Instance | BindingFlags.Public, parameters)
            ?? throw new InvalidOperationException($"{typeof(TService)} has no method {method.Name}.");
        attributes = [.. typeof(TService).GetCustomAttributes(inherit: true), .. implementation.GetCustomAttributes(inherit: true)];
        return implementation.CreateDelegate<TDelegate>();
    }

    private void Add<TRequest, TResponse>(
        Method<TRequest, TResponse> method, List<object> attributes, Func<TService, ServerCall<TRequest, TResponse>, Task> invoke)
        where TRequest : class
        where TResponse : class =>
        Methods.Add(new ServerMethod<TService, TRequest, TResponse>(method, attributes, invoke, _environment));
}

/// <summary>What the methods of one service share.</summary>
internal sealed record MethodEnvironment(MessageLimits Limits, bool DetailedErrors, ILogger Logger);
