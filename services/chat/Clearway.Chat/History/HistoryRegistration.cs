using Microsoft.EntityFrameworkCore;

namespace Clearway.Chat.History;

internal static class HistoryRegistration
{
    /// <summary>Adds the chat history on the PostgreSQL database <c>clearwaydb</c>.</summary>
    public static void AddHistory(this IHostApplicationBuilder builder)
    {
        builder.AddNpgsqlDbContext<ChatDbContext>("clearwaydb", configureDbContextOptions: options =>
            options.UseNpgsql(npgsql => npgsql.MigrationsHistoryTable(ChatDbContext.MigrationsTable, ChatDbContext.Schema)));
        builder.Services.AddScoped<MessageHistory>();
        builder.Services.AddScoped<MessageChanges>();
        builder.Services.AddSingleton<HistorySchema>();
        builder.Services.AddHostedService(services => services.GetRequiredService<HistorySchema>());
        builder.Services.AddHealthChecks().AddCheck<HistorySchema>("history-schema");
    }
}
