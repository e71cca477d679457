using Clearway.Proxy.Access;
using Clearway.ServiceDefaults;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Transforms;

namespace Clearway.Proxy.Routing;

/// <summary>
/// What is passed on as it is: the WebSocket, and what backends ask of rooms, to the signaling gateway; sign-in, new rooms and tokens to the
/// auth service.
/// </summary>
internal static class Routes
{
    internal const string Signaling = "signaling";
    private const string Auth = "auth";

    /// <summary>The gateway pings every 20 s; a WebSocket without a byte for three pings is dead.</summary>
    private static readonly TimeSpan WebSocketIdle = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan RestIdle = TimeSpan.FromSeconds(15);

    internal static void AddRoutes(this IHostApplicationBuilder builder)
    {
        // The forwarder logs each target with its query, and every client that goes away as a warning: see ForwardingFailures.
        builder.Logging.AddFilter("Yarp.ReverseProxy.Forwarder", LogLevel.Warning);
        builder.Logging.AddFilter("Yarp.ReverseProxy.Forwarder.HttpForwarder", LogLevel.None);

        builder.Services.AddSingleton<ILoadBalancingPolicy, RoomAffinity>();
        builder.Services.AddSingleton<NextNode>();
        builder.Services.AddReverseProxy().LoadFromMemory(
            [
                // Over HTTP/2 a WebSocket is opened by CONNECT (RFC 8441), which a route cannot name: the gateway refuses the other methods.
                Route("web-socket", method: null, "/api/v1/ws", Signaling),
                Route("sign-in", "POST", "/api/v1/auth/sign-in", Auth) with { RateLimiterPolicy = RequestLimits.SignIn },
                Route("sign-out", "POST", "/api/v1/auth/sign-out", Auth),
                Route("account", "GET", "/api/v1/auth/account", Auth),
                Route("rooms", "POST", "/api/v1/rooms", Auth),
                Route("redeem", "POST", "/api/v1/invitations/redeem", Auth) with { RateLimiterPolicy = RequestLimits.Redeem },
                Route("ice-servers", "POST", "/api/v1/invitations/ice-servers", Auth) with { RateLimiterPolicy = RequestLimits.Redeem },
                Route("invitations", "POST", "/api/v1/invitations", Auth),
                Route("tokens", "POST", "/api/v1/tokens", Auth),
                Route("refresh", "POST", "/api/v1/tokens/refresh", Auth),
                Route("certificates", "POST", "/api/v1/certificates", Auth),
                Route("keys", "GET", "/.well-known/jwks.json", Auth),
                Route("authorities", "GET", "/.well-known/clearway-ca.pem", Auth),
                Backend("backend-rooms", Grant.ReadRooms, "/api/v1/rooms", "GET"),
                Backend("backend-room", Grant.ReadRooms, "/api/v1/rooms/{room}", "GET"),
                Backend("backend-participants", Grant.ReadRooms, "/api/v1/rooms/{room}/participants", "GET"),
                Backend("backend-end", Grant.ModerateRooms, "/api/v1/rooms/{room}", "DELETE"),
                Backend("backend-kick", Grant.ModerateRooms, "/api/v1/rooms/{room}/participants/{participant}", "DELETE"),
                Backend("backend-lock", Grant.ModerateRooms, "/api/v1/rooms/{room}/lock", "PUT", "DELETE"),
                Backend("backend-deadline", Grant.ModerateRooms, "/api/v1/rooms/{room}/deadline", "PUT"),
            ],
            [
                SignalingCluster(builder.Configuration, nodes: null),
                Cluster(Auth, builder.Configuration.GetServiceAddress(Auth, "http"), RestIdle),
            ]);
    }

    internal static void MapRoutes(this WebApplication app) => app.MapReverseProxy(pipeline =>
    {
        pipeline.Use(next => context => context.RequestServices.GetRequiredService<Backends>().PassAsync(context, next));
        pipeline.Use(next => context => context.RequestServices.GetRequiredService<NextNode>().PassAsync(context, next));
        pipeline.UseLoadBalancing();
    });

    /// <summary>The gateway: its nodes where they are known, else the service's plain address.</summary>
    internal static ClusterConfig SignalingCluster(IConfiguration configuration, IReadOnlyDictionary<string, Uri>? nodes)
    {
        var cluster = Cluster(Signaling, configuration.GetServiceAddress(Signaling, "http"), WebSocketIdle);
        return nodes is null or { Count: 0 } ? cluster : cluster with
        {
            LoadBalancingPolicy = RoomAffinity.PolicyName,
            Destinations = nodes.ToDictionary(
                node => node.Key, node => new DestinationConfig { Address = node.Value.AbsoluteUri }, StringComparer.Ordinal),
        };
    }

    /// <summary>
    /// The host that the browser asked for is in X-Forwarded-Host, which replaces the request's own. Host names the service: app
    /// platforms find it by that.
    /// </summary>
    private static RouteConfig Route(string id, string? method, string path, string cluster) => new RouteConfig
    {
        RouteId = id,
        ClusterId = cluster,
        Match = new RouteMatch { Methods = method is null ? null : [method], Path = path },
    }
    .WithTransformXForwarded(xDefault: ForwardedTransformActions.Set)

    // What other proxies use to say who is at the other end of their TLS (RFC 9440, and customs): nobody's word for it is passed on.
    .WithTransformRequestHeaderRemove("Client-Cert")
    .WithTransformRequestHeaderRemove("Client-Cert-Chain")
    .WithTransformRequestHeaderRemove("X-Forwarded-Client-Cert")
    .WithTransformRequestHeaderRemove("X-Client-Cert")
    .WithTransformRequestHeaderRemove("X-SSL-Client-Cert")
    .WithTransformRequestHeaderRemove("X-ARR-ClientCert");

    /// <summary>For API keys with a grant; any node of the gateway answers.</summary>
    private static RouteConfig Backend(string id, string grant, string path, params string[] methods)
    {
        var route = Route(id, method: null, path, Signaling);
        return route with
        {
            Match = route.Match with { Methods = methods },
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [Backends.GrantMember] = grant },
        };
    }

    private static ClusterConfig Cluster(string id, Uri address, TimeSpan idle) => new()
    {
        ClusterId = id,
        HttpRequest = new ForwarderRequestConfig { ActivityTimeout = idle },
        Destinations = new Dictionary<string, DestinationConfig>(StringComparer.Ordinal)
        {
            [id] = new() { Address = address.AbsoluteUri },
        },
    };
}
