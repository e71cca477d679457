using Yarp.ReverseProxy.Forwarder;

namespace Clearway.Proxy.Routing;

/// <summary>
/// A node that accepts no connection has got nothing of the request: the next node gets it. So nobody is turned away in the second until a
/// dead node is noticed (<see cref="GatewayNodes"/>), least of all those who come back because of its death.
/// </summary>
internal sealed partial class NextNode(ILogger<NextNode> log)
{
    internal async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        var forwarding = context.GetReverseProxyFeature();
        var nodes = forwarding.AvailableDestinations;
        await next(context);
        while (nodes.Count > 1 && HasNotConnected(context) && forwarding.ProxiedDestination is { } refusing)
        {
            LogRefused(log, refusing.DestinationId);
            nodes = [.. nodes.Where(node => node != refusing)];
            forwarding.AvailableDestinations = nodes;
            context.Features.Set<IForwarderErrorFeature>(null);
            context.Response.StatusCode = StatusCodes.Status200OK;
            await next(context);
        }
    }

    private static bool HasNotConnected(HttpContext context) =>
        !context.RequestAborted.IsCancellationRequested
        && context.GetForwarderErrorFeature() is
        {
            Error: ForwarderError.Request,
            Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError },
        };

    [LoggerMessage(EventId = 214, Level = LogLevel.Information, Message = "{Node} accepts no connection; the next node is asked")]
    private static partial void LogRefused(ILogger logger, string node);
}
