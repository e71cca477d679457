using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Clearway.ServiceDefaults.Health;

internal static class HealthRegistration
{
    /// <summary>A dependency that hangs must not hang the answer about it.</summary>
    private static readonly TimeSpan LongestCheck = TimeSpan.FromSeconds(5);

    internal static void AddHealth(this IHostApplicationBuilder builder)
    {
        // The framework logs each failed check of each probe as an error, also those of an orderly start and stop.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService", LogLevel.None);
        builder.Services.AddSingleton<ReadinessLog>();
        builder.Services.AddHealthChecks();
        builder.Services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var registration in options.Registrations.Where(r => r.Timeout <= TimeSpan.Zero))
            {
                registration.Timeout = LongestCheck;
            }
        });
    }
}
