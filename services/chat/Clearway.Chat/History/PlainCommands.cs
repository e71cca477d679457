using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Clearway.Chat.History;

/// <summary>Commands beside Entity Framework, on its connections and with its repetitions.</summary>
internal static class PlainCommands
{
    /// <summary>Runs commands on a connection; again when it breaks, so that they must be safe to repeat.</summary>
    public static Task<T> QueryAsync<T>(
        this ChatDbContext context, Func<NpgsqlConnection, Task<T>> query, CancellationToken cancellationToken) =>
        context.Database.CreateExecutionStrategy().ExecuteAsync(
            async cancellation =>
            {
                await context.Database.OpenConnectionAsync(cancellation);
                try
                {
                    return await query((NpgsqlConnection)context.Database.GetDbConnection());
                }
                finally
                {
                    await context.Database.CloseConnectionAsync();
                }
            },
            cancellationToken);
}

/// <summary>Values of commands, in the order of their places.</summary>
internal static class Parameter
{
    public static NpgsqlParameter<T> Of<T>(T value) => new() { TypedValue = value };
}
