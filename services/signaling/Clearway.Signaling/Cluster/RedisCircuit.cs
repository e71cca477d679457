using Clearway.ServiceDefaults;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace Clearway.Signaling.Cluster;

/// <summary>Redis was not asked, because it did not answer lately.</summary>
internal sealed class RedisNotAskedException(BrokenCircuitException cause)
    : TimeoutException("Redis did not answer lately and was not asked.", cause);

/// <summary>
/// Bounds commands to Redis in time, and makes none for a moment after several in a row were in vain: who would only wait is told at once.
/// Answers of a script that refuses are answers.
/// </summary>
internal sealed class RedisCircuit
{
    private const int FailuresToOpen = 4;

    private readonly TimeSpan _timeout;
    private readonly ResiliencePipeline _pipeline;

    public RedisCircuit(IOptions<SignalingOptions> options, TimeProvider time, CircuitTransitions transitions)
    {
        _timeout = options.Value.RedisTimeout;
        var breaker = new CircuitBreakerStrategyOptions
        {
            FailureRatio = 0.5,
            MinimumThroughput = FailuresToOpen,
            SamplingDuration = TimeSpan.FromSeconds(10),
            BreakDuration = options.Value.RedisPause,
            ShouldHandle = command => ValueTask.FromResult(
                command.Outcome.Exception is TimeoutException or (RedisException and not RedisServerException)),
        };
        transitions.Observe(breaker, "redis");
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }.AddCircuitBreaker(breaker).Build();
    }

    /// <summary>Makes a command.</summary>
    /// <exception cref="RedisException">Redis is not there, or refuses the command.</exception>
    /// <exception cref="TimeoutException">Redis did not answer in time, or (<see cref="RedisNotAskedException"/>) was not asked.</exception>
    internal async Task<T> RunAsync<T>(Func<Task<T>> command)
    {
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (call, cancellation) => await call.Command().WaitAsync(call.Timeout, cancellation),
                (Command: command, Timeout: _timeout),
                CancellationToken.None);
        }
        catch (BrokenCircuitException exception)
        {
            throw new RedisNotAskedException(exception);
        }
    }
}
