using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Clearway.ServiceDefaults;

/// <summary>The strategies of one client, outermost first: timeout, retry, circuit breaker, timeout of the attempt.</summary>
internal sealed class ResiliencePipelineOf
{
    internal static readonly ResiliencePropertyKey<HttpMethod> Method = new("clearway.method");

    internal ResiliencePipelineOf(string client, ResilienceOptions options, TimeProvider? time, CircuitTransitions transitions)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time ?? TimeProvider.System };
        if (options.Timeout is { } timeout)
        {
            builder.AddTimeout(new TimeoutStrategyOptions { Timeout = timeout });
        }

        if (options.Retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.Retries,
                Delay = options.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = attempt => ValueTask.FromResult(NeverReached(attempt.Outcome.Exception)
                    || (IsTransient(attempt.Outcome) && (options.Idempotent || IsIdempotent(attempt.Context)))),
            });
        }

        var breaker = new CircuitBreakerStrategyOptions<HttpResponseMessage>
        {
            FailureRatio = 0.5,
            MinimumThroughput = options.MinimumAttempts,
            SamplingDuration = TimeSpan.FromSeconds(10),
            BreakDuration = options.BreakDuration,
            ShouldHandle = attempt => ValueTask.FromResult(IsTransient(attempt.Outcome)),
        };
        transitions.Observe(breaker, client);
        builder.AddCircuitBreaker(breaker);
        if (options.AttemptTimeout is { } longest)
        {
            builder.AddTimeout(new TimeoutStrategyOptions { Timeout = longest });
        }

        Pipeline = builder.Build();
    }

    internal ResiliencePipeline<HttpResponseMessage> Pipeline { get; }

    private static bool NeverReached(Exception? exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError
            or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError,
    };

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException or TimeoutRejectedException
        || outcome.Result?.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    // RFC 9110 section 9.2.2.
    private static bool IsIdempotent(ResilienceContext context) =>
        context.Properties.TryGetValue(Method, out var method)
        && (method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Options
            || method == HttpMethod.Put || method == HttpMethod.Delete);
}

internal sealed class ResilienceHandler(ResiliencePipelineOf strategies) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            context.Properties.Set(ResiliencePipelineOf.Method, request.Method);
            return await strategies.Pipeline.ExecuteAsync(
                static async (context, state) => await state.Send(state.Request, context.CancellationToken),
                context,
                (Send: (Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>)base.SendAsync, Request: request));
        }
        catch (BrokenCircuitException exception)
        {
            throw new HttpRequestException("The service failed too often lately; the call was not made.", exception);
        }
        catch (TimeoutRejectedException exception)
        {
            throw new HttpRequestException("The service did not answer in time.", exception);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }
}
