using System.Globalization;
using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>A method of a service as an HTTP endpoint.</summary>
internal abstract class ServerMethod(IMethod description, List<object> attributes)
{
    public IMethod Description { get; } = description;

    /// <summary>Attributes of service class and method, for policies on the endpoint.</summary>
    public List<object> Attributes { get; } = attributes;

    public abstract Task HandleAsync(HttpContext httpContext);
}

/// <summary>A method of a service as an HTTP endpoint: from request to trailers.</summary>
internal sealed class ServerMethod<TService, TRequest, TResponse>(
    Method<TRequest, TResponse> method,
    List<object> attributes,
    Func<TService, ServerCall<TRequest, TResponse>, Task> invoke,
    MethodEnvironment environment) : ServerMethod(method, attributes)
    where TService : class
    where TRequest : class
    where TResponse : class
{
    /// <summary>RFC 9113, section 7.</summary>
    private const int Http2ErrorCancel = 8;

    private static readonly ObjectFactory<TService> CreateService = ActivatorUtilities.CreateFactory<TService>([]);

    public override async Task HandleAsync(HttpContext httpContext)
    {
        if (IsRefused(httpContext))
        {
            return;
        }

        var activity = httpContext.Features.Get<IHttpActivityFeature>()?.Activity;
        activity?.AddTag("grpc.method", method.FullName);
        httpContext.Response.ContentType = ProtocolNames.ContentType;

        using var deadline = CallDeadline.Of(httpContext);
        var context = new HttpServerCallContext(httpContext, deadline);
        var running = RunAsync(httpContext.RequestServices, new ServerCall<TRequest, TResponse>(context, method, environment.Limits));
        try
        {
            var status = await OutcomeAsync(running, context);
            context.End(status);
            activity?.AddTag("grpc.status_code", ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture));
            if (!running.IsCompleted)
            {
                // The deadline is over: the caller gets the answer now, whatever the method still does.
                await httpContext.Response.CompleteAsync();
                httpContext.Features.Get<IHttpResetFeature>()?.Reset(Http2ErrorCancel);
            }
        }
        finally
        {
            // The request's services must outlive the method.
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static bool IsRefused(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (!ProtocolNames.IsGrpcContentType(httpContext.Request.ContentType))
        {
            response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            ResponseStatus.Set(
                response.Headers, new Status(StatusCode.Internal, $"Content-Type '{httpContext.Request.ContentType}' is not supported."));
            return true;
        }

        if (!HttpProtocol.IsHttp2(httpContext.Request.Protocol) && !HttpProtocol.IsHttp3(httpContext.Request.Protocol))
        {
            response.StatusCode = StatusCodes.Status426UpgradeRequired;
            response.Headers.Upgrade = HttpProtocol.Http2;
            ResponseStatus.Set(
                response.Headers, new Status(StatusCode.Internal, $"Request protocol '{httpContext.Request.Protocol}' is not supported."));
            return true;
        }

        return false;
    }

    private async Task RunAsync(IServiceProvider services, ServerCall<TRequest, TResponse> call)
    {
        if (services.GetService<TService>() is { } shared)
        {
            await invoke(shared, call);
            return;
        }

        var service = CreateService(services, []);
        try
        {
            await invoke(service, call);
        }
        finally
        {
            if (service is IAsyncDisposable asyncDisposable)
            {
                await asyncDisposable.DisposeAsync();
            }
            else if (service is IDisposable disposable)
            {
                disposable.Dispose();
            }
        }
    }

    private async Task<Status> OutcomeAsync(Task running, HttpServerCallContext context)
    {
        try
        {
            await running.WaitAsync(context.CallDeadline?.Passed ?? CancellationToken.None);
            return context.Status;
        }
        catch (Exception) when (context.CallDeadline is { HasPassed: true })
        {
            ServerCallLog.DeadlineExceeded(environment.Logger, method.FullName);
            return new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded");
        }
        catch (RpcException refusal)
        {
            ServerCallLog.Refused(
                environment.Logger, method.FullName, refusal.StatusCode, refusal.Status.Detail, refusal.Status.DebugException);
            foreach (var entry in refusal.Trailers)
            {
                context.ResponseTrailers.Add(entry);
            }

            return refusal.Status;
        }
        catch (Exception e) when (
            e is OperationCanceledException || (e is IOException && (context.IsReset || context.CancellationToken.IsCancellationRequested)))
        {
            ServerCallLog.Cancelled(environment.Logger, e, method.FullName);
            return Thrown(e);
        }
        catch (Exception e)
        {
            ServerCallLog.Failed(environment.Logger, e, method.FullName);
            return Thrown(e);
        }
    }

    private Status Thrown(Exception e) => new(
        StatusCode.Unknown,
        environment.DetailedErrors
            ? $"Exception was thrown by handler. {e.GetType().Name}: {e.Message}"
            : "Exception was thrown by handler.",
        e);
}
