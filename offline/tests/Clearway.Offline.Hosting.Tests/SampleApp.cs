using System.Diagnostics;
using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace Clearway.Offline.Hosting.Tests;

/// <summary>Starts the sample AppHost, and looks at the processes it leaves.</summary>
internal static class SampleApp
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task<DistributedApplication> StartAsync(params string[] args)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Sample_AppHost>(args);
        var app = await builder.BuildAsync();
        try
        {
            await app.StartAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public static async Task<DistributedApplication> StartHealthyAsync(params string[] args)
    {
        var app = await StartAsync(args);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("dependent").WaitAsync(Patience);
        return app;
    }

    public static string Metadata(string key) =>
        typeof(SampleApp).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;

    public static bool IsAlive(int processId)
    {
        try
        {
            // A zombie is no longer alive; only its parent has not asked yet.
            return !File.ReadAllText($"/proc/{processId}/stat").Split(')')[^1].TrimStart().StartsWith('Z');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Waits on a condition; fails after <see cref="Patience"/>.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < Patience, $"not within {Patience}: {what}");
            await Task.Delay(50);
        }
    }
}
