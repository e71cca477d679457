using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Clearway.Chat.History;

/// <summary>
/// Brings the schema up to date before the service reports ready, and tries again while the database is not there yet. Replicas that
/// start together take turns by an advisory lock; where they collide before it, in creating the database, the one that came second tries
/// again.
/// </summary>
internal sealed class HistorySchema(IServiceScopeFactory scopes, TimeProvider time, ILogger<HistorySchema> logger)
    : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(15);

    /// <summary>Key of the advisory lock, "clearway" in ASCII: any number that nothing else in this database locks.</summary>
    private const long Turn = 0x636C656172776179;

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
        var creator = database.GetService<IRelationalDatabaseCreator>();
        if (!await creator.ExistsAsync(cancellationToken))
        {
            await creator.CreateAsync(cancellationToken);
        }

        // The lock is the session's: it ends with the connection, also when that breaks.
        await database.OpenConnectionAsync(cancellationToken);
        await database.ExecuteSqlAsync($"SELECT pg_advisory_lock({Turn})", cancellationToken);
        try
        {
            // Asked for a history that does not exist yet, the provider would run into the missing table and log that as an error.
            await database.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellationToken);
            var pending = (await database.GetPendingMigrationsAsync(cancellationToken)).Count();
            await database.MigrateAsync(cancellationToken);
            return pending;
        }
        finally
        {
            await database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({Turn})", CancellationToken.None);
        }
    }
}
