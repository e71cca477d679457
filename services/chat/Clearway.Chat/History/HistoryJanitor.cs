using Clearway.Chat.Files;
using Microsoft.Extensions.Options;

namespace Clearway.Chat.History;

/// <summary>
/// Deletes now and then what the policies no longer keep: lines, the reactions to them, and the files they announced. Every step may be
/// done twice, so that all replicas may do it at once, and one that dies in the middle leaves nothing half done.
/// </summary>
internal sealed class HistoryJanitor(
    IServiceScopeFactory scopes, HistorySchema schema, IOptions<RetentionOptions> options, TimeProvider time, ILogger<HistoryJanitor> logger)
    : BackgroundService
{
    private const int MostAtOnce = 2_000;

    // Rooms are taken in the order in which appends take them. A line that somebody changes just now is for the next round.
    private const string Delete =
        """
        WITH doomed AS (
            SELECT tenant, room, sequence FROM chat.messages
            WHERE sent_at < $1 AND ($2::text IS NULL OR tenant = $2) AND NOT tenant = ANY ($3)
            LIMIT $4 FOR UPDATE SKIP LOCKED
        ), held AS (
            SELECT tenant, room FROM chat.rooms WHERE (tenant, room) IN (SELECT tenant, room FROM doomed)
            ORDER BY tenant COLLATE "C", room COLLATE "C" FOR UPDATE
        ), revised AS (
            UPDATE chat.rooms SET revision = revision + 1 FROM held WHERE rooms.tenant = held.tenant AND rooms.room = held.room
        ), deleted AS (
            DELETE FROM chat.messages USING doomed
            WHERE messages.tenant = doomed.tenant AND messages.room = doomed.room AND messages.sequence = doomed.sequence
            RETURNING 1
        )
        SELECT count(*) FROM deleted
        """;

    /// <summary>Does once what is due.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var policies = options.Value;
        foreach (var (tenant, policy) in policies.Tenants)
        {
            await DeleteAsync(policy.Retention, tenant, except: [], cancellationToken);
        }

        await DeleteAsync(policies.Policy.Retention, tenant: null, except: [.. policies.Tenants.Keys], cancellationToken);
        await DeleteFilesAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.JanitorInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (schema.IsReady)
                {
                    await SweepAsync(stoppingToken);
                }
            }
            catch (Exception exception) when (DatabaseCalls.IsOutage(exception) || RoomFiles.IsOutage(exception))
            {
                // The next round tries again.
                ChatLog.SweepFailed(logger, exception);
            }
        }
    }

    private async Task DeleteAsync(TimeSpan? retention, string? tenant, string[] except, CancellationToken cancellationToken)
    {
        if (retention is not { } kept)
        {
            return;
        }

        var before = time.GetUtcNow().UtcDateTime - kept;
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ChatDbContext>();
        for (long deleted = MostAtOnce; deleted == MostAtOnce;)
        {
            deleted = await database.QueryAsync(
                async connection =>
                {
                    await using var command = new Npgsql.NpgsqlCommand(Delete, connection)
                    {
                        Parameters = { Parameter.Of(before), Parameter.Of(tenant), Parameter.Of(except), Parameter.Of(MostAtOnce) },
                    };
                    return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
                },
                cancellationToken);
            if (deleted > 0)
            {
                ChatLog.LinesDeleted(logger, deleted);
            }
        }
    }

    private async Task DeleteFilesAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (scope.ServiceProvider.GetService<RoomFiles>() is not { } files)
        {
            return;
        }

        var before = time.GetUtcNow().UtcDateTime - scope.ServiceProvider.GetRequiredService<IOptions<FileLimits>>().Value.UnannouncedLifetime;
        while (await files.DeleteUnannouncedAsync(before, MostAtOnce, cancellationToken) is > 0 and var deleted)
        {
            ChatLog.FilesDeleted(logger, deleted);
        }
    }
}

/// <summary>How long lines are kept; section <c>History</c>.</summary>
internal sealed class RetentionOptions
{
    public RetentionPolicy Policy { get; set; } = new();

    /// <summary>The whole policy of one tenant, instead.</summary>
    public IDictionary<string, RetentionPolicy> Tenants { get; } = new Dictionary<string, RetentionPolicy>(StringComparer.Ordinal);

    /// <summary>Time between two rounds.</summary>
    public TimeSpan JanitorInterval { get; set; } = TimeSpan.FromMinutes(10);

    public bool IsValid => JanitorInterval > TimeSpan.Zero
        && Tenants.Values.Append(Policy).All(policy => policy.Retention is null or { Ticks: > 0 });
}

/// <summary>What is kept of a tenant.</summary>
internal sealed class RetentionPolicy
{
    /// <summary>How long after it was said a line is deleted; null for never.</summary>
    public TimeSpan? Retention { get; set; }
}
