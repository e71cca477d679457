using System.Data.Common;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Clearway.Chat.History;

/// <summary>Runs what calls want of the database: while it is away they are refused as <c>history_unavailable</c>.</summary>
internal sealed class DatabaseCalls(HistorySchema schema, ILogger<DatabaseCalls> logger)
{
    /// <exception cref="RpcException">The database does not answer.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> query, ServerCallContext context)
    {
        if (!schema.IsReady)
        {
            throw Refusal.HistoryUnavailable.ToException();
        }

        try
        {
            return await query();
        }
        catch (Exception exception) when (IsOutage(exception))
        {
            // A query that is given up may end as a connection that broke or took too long.
            context.CancellationToken.ThrowIfCancellationRequested();
            ChatLog.DatabaseFailed(logger, exception);
            throw Refusal.HistoryUnavailable.ToException();
        }
    }

    /// <summary>Whether an exception is the database's, and not a fault of ours.</summary>
    public static bool IsOutage(Exception exception) =>
        exception is DbException or DbUpdateException or RetryLimitExceededException or TimeoutException;
}
