using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;

namespace Clearway.ServiceDefaults;

/// <summary>
/// Makes circuit breakers visible: each transition is one log line and one count of <c>clearway.circuit.transitions</c>, by dependency and
/// by the state entered (<c>open</c>, <c>half_open</c>, <c>closed</c>).
/// </summary>
public sealed partial class CircuitTransitions
{
    private readonly Counter<long> _transitions;
    private readonly ILogger _logger;

    /// <summary>One for the process.</summary>
    /// <param name="meters">Makes the counter.</param>
    /// <param name="logger">Takes the lines.</param>
    public CircuitTransitions(IMeterFactory meters, ILogger<CircuitTransitions> logger)
    {
        _transitions = meters.Create("Clearway.Resilience").CreateCounter<long>(
            "clearway.circuit.transitions", "{transition}", "Circuit breakers entering a state, by dependency.");
        _logger = logger;
    }

    /// <summary>Watches the breaker that is built of these options.</summary>
    /// <param name="breaker">Options without handlers of their own for transitions.</param>
    /// <param name="dependency">What is called through the breaker, for example <c>redis</c>.</param>
    public void Observe<TResult>(CircuitBreakerStrategyOptions<TResult> breaker, string dependency)
    {
        ArgumentNullException.ThrowIfNull(breaker);
        breaker.OnOpened = opened =>
        {
            Count(dependency, "open");
            LogOpened(_logger, dependency, opened.BreakDuration.TotalSeconds, opened.Outcome.Exception);
            return default;
        };
        breaker.OnHalfOpened = _ =>
        {
            Count(dependency, "half_open");
            LogHalfOpened(_logger, dependency);
            return default;
        };
        breaker.OnClosed = _ =>
        {
            Count(dependency, "closed");
            LogClosed(_logger, dependency);
            return default;
        };
    }

    private void Count(string dependency, string state) => _transitions.Add(1, new("dependency", dependency), new("state", state));

    [LoggerMessage(11, LogLevel.Warning, "Calls to {Dependency} fail: none is made for {Seconds} s")]
    private static partial void LogOpened(ILogger logger, string dependency, double seconds, Exception? cause);

    [LoggerMessage(12, LogLevel.Information, "One call to {Dependency} tries whether it answers again")]
    private static partial void LogHalfOpened(ILogger logger, string dependency);

    [LoggerMessage(13, LogLevel.Information, "{Dependency} answers again")]
    private static partial void LogClosed(ILogger logger, string dependency);
}
