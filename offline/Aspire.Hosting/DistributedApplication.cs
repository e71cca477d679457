using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>An application of several processes, run on this machine.</summary>
public class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly IHost _host;
    private readonly AppHostTest? _test;
    private readonly LocalOrchestrator _orchestrator;
    private readonly SemaphoreSlim _stopping = new(1, 1);
    private bool _disposed;

    internal DistributedApplication(IHost host, AppHostTest? test)
    {
        _host = host;
        _test = test;
        _orchestrator = host.Services.GetRequiredService<LocalOrchestrator>();
        ResourceNotifications = host.Services.GetRequiredService<ResourceNotificationService>();
    }

    public IServiceProvider Services => _host.Services;

    public ResourceNotificationService ResourceNotifications { get; }

    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => CreateBuilder(new DistributedApplicationOptions { Args = args });

    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    /// <summary>Starts the processes; they become healthy afterwards, in the order that they wait for each other.</summary>
    public virtual async Task StartAsync(CancellationToken cancellationToken = default)
    {
        _orchestrator.Start();
        await _host.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops all processes; returns when none is left.</summary>
    public virtual async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await _stopping.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            await _orchestrator.StopAsync().ConfigureAwait(false);
            await _host.StopAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _stopping.Release();
        }

        _test?.Stopped();
    }

    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Runs until Ctrl-C, SIGTERM, or the first resource that cannot start; that one is named and the exit code is 1.</summary>
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (_test is not null)
        {
            // The test starts and stops the application; the AppHost's own Main waits here meanwhile.
            await _test.WhenStopped.ConfigureAwait(false);
            return;
        }

        var lifetime = Services.GetRequiredService<IHostApplicationLifetime>();
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stopping = lifetime.ApplicationStopping.Register(() => stop.TrySetResult());
        using var cancelled = cancellationToken.Register(() => stop.TrySetResult());
        try
        {
            await StartAsync(cancellationToken).ConfigureAwait(false);
            await Task.WhenAny(stop.Task, _orchestrator.Failure).ConfigureAwait(false);
        }
        catch (DistributedApplicationException failure)
        {
            ReportFailure(failure);
        }

        if (_orchestrator.Failure.IsFaulted)
        {
            ReportFailure(_orchestrator.Failure.Exception.InnerException!);
        }

        await DisposeAsync().ConfigureAwait(false);
    }

    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            await StopAsync().ConfigureAwait(false);
            _host.Dispose();
            _stopping.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    private static void ReportFailure(Exception failure)
    {
        Console.Error.WriteLine($"Cannot start: {failure.Message}");
        Environment.ExitCode = 1;
    }
}
