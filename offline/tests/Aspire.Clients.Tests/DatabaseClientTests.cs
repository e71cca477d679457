using Clearway.TestServers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Aspire.Clients.Tests;

public sealed class DatabaseClientTests
{
    [Fact]
    public async Task Context_OnARunningServer_WorksAndIsHealthy()
    {
        await using var server = await PostgresServer.StartAsync();
        using var host = Build(server.ConnectionString("postgres"));
        Assert.Equal(HealthStatus.Healthy, (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status);

        await using var scope = host.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Context>().Database;
        var answer = await database.SqlQuery<int>($"SELECT 6 * 7 AS \"Value\"").SingleAsync();
        Assert.Equal(42, answer);
    }

    [Fact]
    public async Task Context_WithoutAConnectionString_SaysWhereToPutIt()
    {
        using var host = Build(null);
        await using var scope = host.Services.CreateAsyncScope();
        var error = Assert.Throws<InvalidOperationException>(scope.ServiceProvider.GetRequiredService<Context>);
        Assert.Contains("ConnectionStrings:db", error.Message, StringComparison.Ordinal);
    }

    private static IHost Build(string? connectionString)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:db", connectionString)]);
        builder.AddNpgsqlDbContext<Context>("db");
        return builder.Build();
    }

    private sealed class Context(DbContextOptions<Context> options) : DbContext(options);
}
