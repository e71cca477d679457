using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Clearway.ServiceDefaults.Tests;

public sealed class HealthTests
{
    [Fact]
    public async Task Live_WithADeadDependency_Answers200()
    {
        await using var service = await StartWithDeadDependencyAsync("Production");
        using var answer = await service.Client.GetAsync(new Uri("/health/live", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("Production", false)]
    [InlineData("Development", true)]
    public async Task Ready_WithADeadDependency_NamesIt_AndTellsWhyInDevelopmentOnly(string environment, bool tellsWhy)
    {
        await using var service = await StartWithDeadDependencyAsync(environment);
        using var answer = await service.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        var body = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal("Unhealthy", body.GetProperty("status").GetString());
        var check = Assert.Single(body.GetProperty("checks").EnumerateArray(), c => c.GetProperty("name").GetString() == "ledger");
        Assert.Equal("Unhealthy", check.GetProperty("status").GetString());
        Assert.True(check.GetProperty("duration_ms").GetDouble() >= 0);
        Assert.Equal(tellsWhy, text.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ready_WithoutDependencies_Answers200()
    {
        await using var service = await TestService.StartAsync();
        using var answer = await service.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Ready_WhileDraining_FailsBeforeTheListenerCloses()
    {
        await using var service = await TestService.StartAsync(settings: ("Stop:DrainDelay", "00:01:00"));
        service.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        using var answer = await service.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public async Task Readiness_IsLoggedWhenItChanges_AndWarnsOnlyWhenItIsLost()
    {
        var isHealthy = false;
        var lines = new LogLines();
        await using var service = await TestService.StartAsync(builder =>
        {
            builder.Logging.AddProvider(lines);
            builder.Services.AddHealthChecks().AddCheck(
                "ledger", () => isHealthy ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("away"));
        });
        foreach (var state in new[] { false, false, true, true, false, false, true })
        {
            isHealthy = state;
            using var answer = await service.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        }

        Assert.Equal(
            [
                "Information The service is not ready while it starts or stops: ledger",
                "Information The service is ready",
                "Warning The service is no longer ready: ledger",
                "Information The service is ready",
            ],
            lines.Where(line => line.Contains("ready", StringComparison.Ordinal) || line.Contains("ledger", StringComparison.Ordinal)));
    }

    [Fact]
    public void HangingChecks_AreBounded()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.AddServiceDefaults();
        builder.Services.AddHealthChecks().AddCheck("endless", () => HealthCheckResult.Healthy());
        using var host = builder.Build();
        var options = host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<HealthCheckServiceOptions>>().Value;
        Assert.All(options.Registrations, check => Assert.InRange(check.Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(5)));
    }

    private static Task<TestService> StartWithDeadDependencyAsync(string environment) => TestService.StartAsync(
        builder => builder.Services.AddHealthChecks().AddCheck("ledger", () => throw new InvalidOperationException("password=s3cret")),
        environment: environment);
}
