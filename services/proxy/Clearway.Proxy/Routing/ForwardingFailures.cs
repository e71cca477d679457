using Yarp.ReverseProxy.Forwarder;

namespace Clearway.Proxy.Routing;

/// <summary>Logs what could not be passed on to its end: a warning when a service failed, a debug line when the client went away.</summary>
internal sealed partial class ForwardingFailures(ILogger<ForwardingFailures> log) : IMiddleware
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.GetForwarderErrorFeature() is not { } failure)
        {
            return;
        }

        var route = context.GetReverseProxyFeature().Route.Config.RouteId;
        if (context.RequestAborted.IsCancellationRequested || IsOfTheClient(failure.Error))
        {
            LogClientGone(log, route, failure.Error);
        }
        else
        {
            LogServiceFailed(log, route, failure.Error, failure.Exception);
        }
    }

    private static bool IsOfTheClient(ForwarderError error) => error
        is ForwarderError.RequestBodyClient or ForwarderError.ResponseBodyClient
        or ForwarderError.UpgradeRequestClient or ForwarderError.UpgradeResponseClient;

    [LoggerMessage(EventId = 201, Level = LogLevel.Debug, Message = "The client of {Route} went away: {Error}")]
    private static partial void LogClientGone(ILogger logger, string route, ForwarderError error);

    [LoggerMessage(EventId = 202, Level = LogLevel.Warning, Message = "{Route} was not forwarded to its end: {Error}")]
    private static partial void LogServiceFailed(ILogger logger, string route, ForwarderError error, Exception? exception);
}

internal static class ForwardingFailuresRegistration
{
    internal static void AddForwardingFailures(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<ForwardingFailures>();

    internal static void UseForwardingFailures(this IApplicationBuilder app) => app.UseMiddleware<ForwardingFailures>();
}
