using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Clearway.Chat.History;

/// <summary>
/// Brings the schema up to date before the service reports ready, and tries again while the database is not there yet. Replicas that
/// start together take turns by the lock that EF Core's migrations hold; where they collide before it, in creating database and schema,
/// the one that came second tries again.
/// </summary>
internal sealed class HistorySchema(IServiceScopeFactory scopes, TimeProvider time, ILogger<HistorySchema> logger)
    : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(15);

    private volatile bool _isReady;

    /// <summary>Whether the schema is the one that this version of the service was built for.</summary>
    public bool IsReady => _isReady;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(IsReady ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The schema is not up to date yet."));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var delay = FirstDelay;
        while (!_isReady)
        {
            try
            {
                ChatLog.SchemaReady(logger, await MigrateAsync(stoppingToken));
                _isReady = true;
            }
            catch (Exception exception) when (exception is DbException or RetryLimitExceededException or TimeoutException)
            {
                ChatLog.SchemaDelayed(logger, delay.TotalSeconds, exception);
                await Task.Delay(delay, time, stoppingToken);
                delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
            }
        }
    }

    private async Task<int> MigrateAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ChatDbContext>().Database;
        var pending = (await database.GetPendingMigrationsAsync(cancellationToken)).Count();
        await database.MigrateAsync(cancellationToken);
        return pending;
    }
}
