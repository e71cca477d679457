using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the methods of a service to their paths.</summary>
public static class GrpcEndpointRouteBuilderExtensions
{
    private const string UnknownService = "{unimplementedService}/{unimplementedMethod}";

    /// <summary>
    /// Maps POST <c>/package.Service/Method</c> for each method of the service; its other paths, and those of services that are not
    /// mapped, answer gRPC requests with <see cref="StatusCode.Unimplemented"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException"><typeparamref name="TService"/> has no generated base class.</exception>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(this IEndpointRouteBuilder builder)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        var mapped = builder.ServiceProvider.GetService<MappedServices>()
            ?? throw new InvalidOperationException("gRPC services are missing: call AddGrpc() on the service collection.");
        var binder = new ServiceMethodBinder<TService>(builder.ServiceProvider);
        binder.Bind();

        var endpoints = new List<IEndpointConventionBuilder>();
        foreach (var method in binder.Methods)
        {
            var endpoint = builder.Map(method.Description.FullName, method.HandleAsync);
            endpoint.Add(options =>
            {
                options.DisplayName = $"gRPC - {method.Description.FullName}";
                options.Metadata.Add(new GrpcMethodMetadata(typeof(TService), method.Description));
                options.Metadata.Add(new HttpMethodMetadata([HttpMethods.Post], acceptCorsPreflight: true));
                method.Attributes.ForEach(options.Metadata.Add);
            });
            endpoints.Add(endpoint);
        }

        foreach (var service in binder.Methods.Select(method => method.Description.ServiceName).Distinct())
        {
            endpoints.Add(MapUnimplemented(builder, $"{service}/{{unimplementedMethod}}", "Method is unimplemented."));
        }

        if (mapped.ClaimUnknownServices())
        {
            endpoints.Add(MapUnimplemented(builder, UnknownService, "Service is unimplemented."));
        }

        return new GrpcServiceEndpointConventionBuilder(endpoints);
    }

    private static IEndpointConventionBuilder MapUnimplemented(IEndpointRouteBuilder builder, string pattern, string detail)
    {
        var policies = new RouteValueDictionary { ["unimplementedMethod"] = new GrpcRequestConstraint() };
        var endpoint = builder.Map(RoutePatternFactory.Parse(pattern, defaults: null, policies), context =>
        {
            context.Response.ContentType = ProtocolNames.ContentType;
            ResponseStatus.Set(context.Response.Headers, new Status(StatusCode.Unimplemented, detail));
            return Task.CompletedTask;
        });
        endpoint.Add(options => options.DisplayName = $"gRPC - {detail}");
        return endpoint;
    }
}
