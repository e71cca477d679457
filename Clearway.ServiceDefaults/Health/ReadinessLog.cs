using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Clearway.ServiceDefaults.Health;

/// <summary>One line when readiness changes, as probes see it: a warning only when a service that was ready is so no longer.</summary>
internal sealed partial class ReadinessLog(IHostApplicationLifetime lifetime, ILogger<ReadinessLog> logger)
{
    private readonly Lock _gate = new();
    private string? _failing; // guarded by _gate; names of the checks that failed at the last probe, null before the first
    private bool _wasReady; // guarded by _gate

    internal void Probed(HealthReport report)
    {
        var unhealthy = report.Entries.Where(check => check.Value.Status == HealthStatus.Unhealthy).ToList();
        var failing = string.Join(", ", unhealthy.Select(check => check.Key));
        lock (_gate)
        {
            if (failing == _failing)
            {
                return;
            }

            _failing = failing;
            if (failing.Length == 0)
            {
                _wasReady = true;
                LogReady(logger);
            }
            else if (_wasReady && !lifetime.ApplicationStopping.IsCancellationRequested)
            {
                var cause = unhealthy.Select(check => check.Value.Exception).FirstOrDefault(exception => exception is not null);
                LogNoLongerReady(logger, failing, cause);
            }
            else
            {
                LogNotReady(logger, failing);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The service is ready")]
    private static partial void LogReady(ILogger logger);

    [LoggerMessage(2, LogLevel.Information, "The service is not ready while it starts or stops: {Checks}")]
    private static partial void LogNotReady(ILogger logger, string checks);

    [LoggerMessage(3, LogLevel.Warning, "The service is no longer ready: {Checks}")]
    private static partial void LogNoLongerReady(ILogger logger, string checks, Exception? cause);
}
