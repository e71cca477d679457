using System.Diagnostics;
using Clearway.Signaling.Policy;
using Microsoft.Extensions.Options;

namespace Clearway.Signaling.Connections;

/// <summary>GET /api/v1/ws, upgraded to a WebSocket (RFC 6455) of subprotocol <c>clearway.v1</c>.</summary>
internal static class SignalingEndpoint
{
    private const string Subprotocol = "clearway.v1";
    private const string TracePrefix = "traceparent.";

    internal static void MapSignaling(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/v1/ws", AcceptAsync);

    private static async Task AcceptAsync(
        HttpContext context,
        OriginPolicy origins,
        OpenConnections open,
        LoadShedding shedding,
        ConnectionServices services,
        IOptions<SignalingOptions> options)
    {
        if (Refuse(context, origins, open, shedding) is { } refusal)
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

        using var webSocket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = Subprotocol,
            DangerousEnableCompression = false,
            KeepAliveInterval = options.Value.KeepAliveInterval,
            KeepAliveTimeout = options.Value.KeepAliveInterval,
        });
        using var socket = new FrameSocket(webSocket);
        using var connection = new SignalingConnection(socket, TraceOf(context), services);
        await connection.RunAsync(context.RequestAborted);
    }

    private static (int Status, string Code)? Refuse(
        HttpContext context, OriginPolicy origins, OpenConnections open, LoadShedding shedding) => context switch
    {
        { WebSockets.IsWebSocketRequest: false } => (StatusCodes.Status400BadRequest, "bad_request"),
        _ when !origins.Allows(context.Request) => (StatusCodes.Status403Forbidden, "origin_refused"),
        _ when !context.WebSockets.WebSocketRequestedProtocols.Contains(Subprotocol) => (StatusCodes.Status400BadRequest, "bad_request"),
        _ when open.IsDraining => (StatusCodes.Status503ServiceUnavailable, "unavailable"),
        _ when !shedding.TakesConnection() => (StatusCodes.Status503ServiceUnavailable, "overloaded"),
        _ => null,
    };

    /// <summary>
    /// The parent of the join's span: the proxy's span when it is of the browser's trace (or the browser offers none), else the browser's.
    /// The upgrade's own span cannot be it: it lasts as long as the call.
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
