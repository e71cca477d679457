using System.Diagnostics;
using Clearway.Signaling.Framing;
using Clearway.Signaling.Policy;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Clearway.Signaling.Connections;

/// <summary>GET /api/v1/ws, or CONNECT over HTTP/2, upgraded to a WebSocket (RFC 6455) of subprotocol <c>clearway.v1</c>.</summary>
internal static class SignalingEndpoint
{
    private const string Subprotocol = "clearway.v1";
    private const string TracePrefix = "traceparent.";

    internal static void MapSignaling(this IEndpointRouteBuilder endpoints)
    {
        // Resolved once: a scope of services a connection would live as long as the call.
        var origins = endpoints.ServiceProvider.GetRequiredService<OriginPolicy>();
        var shedding = endpoints.ServiceProvider.GetRequiredService<LoadShedding>();
        var services = endpoints.ServiceProvider.GetRequiredService<ConnectionServices>();

        // CONNECT is how HTTP/2 asks (RFC 8441 section 4).
        endpoints.MapMethods(
            "/api/v1/ws", [HttpMethods.Get, HttpMethods.Connect], (RequestDelegate)(context => AcceptAsync(context, origins, shedding, services)));
    }

    private static async Task AcceptAsync(HttpContext context, OriginPolicy origins, LoadShedding shedding, ConnectionServices services)
    {
        if (Refuse(context, origins, services.Open, shedding) is { } refusal)
        {
            Log.UpgradeRefused(services.Logger, refusal.Code);
            if (refusal.Status == StatusCodes.Status503ServiceUnavailable)
            {
                context.Response.Headers.RetryAfter = "2";
            }

            await Results.Problem(
                statusCode: refusal.Status,
                extensions: [new("code", refusal.Code)]).ExecuteAsync(context);
            return;
        }

        var trace = TraceOf(context);
        if (Handshake.IsAsked(context))
        {
            await Handshake.AcceptAsync(context, Subprotocol);
            var transport = context.Features.GetRequiredFeature<IConnectionTransportFeature>().Transport;
            var lifetime = context.Features.GetRequiredFeature<IConnectionLifetimeFeature>();
            var connection = new SignalingConnection(new TransportFrameSocket(transport, lifetime), trace, services);
            await context.Features.GetRequiredFeature<TransportHandover>().HandOverAsync(transport, connection.RunAsync);
            return;
        }

        using var webSocket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = Subprotocol,
            DangerousEnableCompression = false,
            KeepAliveInterval = services.Options.KeepAliveInterval,
            KeepAliveTimeout = services.Options.KeepAliveInterval,
        });
        var socket = new ManagedFrameSocket(webSocket, context.RequestAborted);
        await new SignalingConnection(socket, trace, services).RunAsync();
        await socket.FinishAsync(services.Options.CloseTimeout, services.Time);
    }

    private static (int Status, string Code)? Refuse(
        HttpContext context, OriginPolicy origins, OpenConnections open, LoadShedding shedding) => context switch
    {
        _ when !Handshake.IsAsked(context) && !IsExtendedConnect(context) => (StatusCodes.Status400BadRequest, "bad_request"),
        _ when !Handshake.IsVersionKnown(context) => (StatusCodes.Status426UpgradeRequired, "bad_request"),
        _ when Handshake.IsAsked(context) && !Handshake.IsKeyWhole(context) => (StatusCodes.Status400BadRequest, "bad_request"),
        _ when !origins.Allows(context.Request) => (StatusCodes.Status403Forbidden, "origin_refused"),
        _ when !context.WebSockets.WebSocketRequestedProtocols.Contains(Subprotocol) => (StatusCodes.Status400BadRequest, "bad_request"),
        _ when open.IsDraining => (StatusCodes.Status503ServiceUnavailable, "unavailable"),
        _ when !shedding.TakesConnection() => (StatusCodes.Status503ServiceUnavailable, "overloaded"),
        _ => null,
    };

    // A WebSocket over HTTP/2 (RFC 8441).
    private static bool IsExtendedConnect(HttpContext context) =>
        context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" };

    /// <summary>
    /// The parent of the join's span: the proxy's span when it is of the browser's trace (or the browser offers none), else the browser's.
    /// The upgrade's own span cannot be it: it has ended before the join comes (or, over HTTP/2, lasts as long as the call).
    /// </summary>
    private static ActivityContext TraceOf(HttpContext context)
    {
        ActivityContext.TryParse(context.Request.Headers.TraceParent, context.Request.Headers.TraceState, isRemote: true, out var proxy);
        var offered = context.WebSockets.WebSocketRequestedProtocols
            .FirstOrDefault(name => name.StartsWith(TracePrefix, StringComparison.Ordinal))?[TracePrefix.Length..];
        return ActivityContext.TryParse(offered, null, isRemote: true, out var browser) && browser.TraceId != proxy.TraceId
            ? browser
            : proxy;
    }
}
