using Grpc.Core;
using Microsoft.AspNetCore.Diagnostics;

namespace Clearway.Proxy.Errors;

/// <summary>Every error leaves as application/problem+json with a stable code, whoever noticed it.</summary>
internal static class Problems
{
    internal static void AddProblems(this IHostApplicationBuilder builder)
    {
        builder.Services.AddExceptionHandler<ProblemExceptionHandler>();

        // Query parameters are parsed by the endpoints; nothing is bound that could throw in Development only.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);
    }

    internal static void UseProblems(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context => ForStatus(context.HttpContext.Response.StatusCode) is { } problem
            ? problem.ToResult().ExecuteAsync(context.HttpContext)
            : Task.CompletedTask);
    }

    /// <summary>
    /// For answers without a body, of the framework or because the reverse proxy could not reach a service. Any other status is a
    /// service's own and goes out as it is.
    /// </summary>
    private static Problem? ForStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed => Problem.NotFound,
        StatusCodes.Status413PayloadTooLarge => Problem.BodyTooLarge,
        StatusCodes.Status415UnsupportedMediaType => Problem.MediaType,
        StatusCodes.Status429TooManyRequests => Problem.TooManyRequests,
        StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout =>
            Problem.Unavailable,
        StatusCodes.Status400BadRequest => Problem.BadRequest("The request is malformed."),
        StatusCodes.Status500InternalServerError => Problem.Internal,
        _ => null,
    };
}

/// <summary>Refusals of services become their problem; anything else is a fault of ours, logged under the trace id of the answer.</summary>
internal sealed partial class ProblemExceptionHandler(ILogger<ProblemExceptionHandler> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        var problem = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Problem.BodyTooLarge,
            BadHttpRequestException => Problem.BadRequest("The request is malformed."),
            RpcException failure => failure.ToProblem() ?? Problem.Internal,
            _ => Problem.Internal,
        };
        if (problem == Problem.Internal)
        {
            LogFault(log, httpContext.GetEndpoint()?.DisplayName, exception);
        }

        await problem.ToResult().ExecuteAsync(httpContext);
        return true;
    }

    [LoggerMessage(EventId = 101, Level = LogLevel.Error, Message = "{Endpoint} failed")]
    private static partial void LogFault(ILogger logger, string? endpoint, Exception exception);
}
