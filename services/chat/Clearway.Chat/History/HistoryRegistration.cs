using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Clearway.Chat.History;

internal static class HistoryRegistration
{
    /// <summary>More than there are different statements; each connection keeps its own.</summary>
    private const int PreparedStatements = 30;

    // Callers wait 5 s; a gateway then asks again by itself, and everybody else would wait for what nobody waits for any more.
    private const int Repetitions = 5;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Adds the chat history on the PostgreSQL database <c>clearwaydb</c>.</summary>
    /// <exception cref="ValidationException">The limit of connections is out of range.</exception>
    public static void AddHistory(this IHostApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection("History").Get<HistoryOptions>() ?? new HistoryOptions();
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        builder.AddNpgsqlDbContext<ChatDbContext>(
            "clearwaydb",
            settings => settings.ConnectionString = new NpgsqlConnectionStringBuilder(settings.ConnectionString)
            {
                MaxPoolSize = options.MaxConnections,
                MaxAutoPrepare = PreparedStatements,
                AutoPrepareMinUsages = 2,
            }.ConnectionString,
            context => context.UseNpgsql(npgsql => npgsql
                .MigrationsHistoryTable(ChatDbContext.MigrationsTable, ChatDbContext.Schema)
                .EnableRetryOnFailure(Repetitions, LongestPause, errorCodesToAdd: null)));
        builder.Services.AddOptions<RetentionOptions>().BindConfiguration("History")
            .Validate(retention => retention.IsValid, "The times of a policy in History must be positive.")
            .ValidateOnStart();
        builder.Services.AddSingleton<DatabaseCalls>();
        builder.Services.AddSingleton<HistoryJanitor>();
        builder.Services.AddHostedService(services => services.GetRequiredService<HistoryJanitor>());
        builder.Services.AddScoped<MessageAppends>();
        builder.Services.AddScoped<MessagePages>();
        builder.Services.AddSingleton<GroupCommit>();
        builder.Services.AddSingleton<NewestPages>();
        builder.Services.AddSingleton<SearchTurns>();
        builder.Services.AddScoped<MessageChanges>();
        builder.Services.AddSingleton<HistorySchema>();
        builder.Services.AddHostedService(services => services.GetRequiredService<HistorySchema>());
        builder.Services.AddHealthChecks().AddCheck<HistorySchema>("history-schema");
    }
}

/// <summary>How the history uses its database; section <c>History</c>.</summary>
internal sealed class HistoryOptions
{
    /// <summary>
    /// Connections of this replica to PostgreSQL; who needs one more waits. Over all replicas they have to stay below the server's
    /// <c>max_connections</c>, 100 unless it is told otherwise.
    /// </summary>
    [Range(1, 1_000)]
    public int MaxConnections { get; set; } = 20;
}
