using System.Reflection;

namespace Aspire.Hosting;

/// <summary>
/// Puts a test between an AppHost's <c>Main</c> and its application: <c>Main</c> runs on a thread of its own and waits at <c>Build</c>
/// until the test has said what differs, and at <c>Run</c> until the test has stopped the application.
/// </summary>
internal sealed class AppHostTest(Assembly assembly, string[] args)
{
    private static readonly AsyncLocal<AppHostTest?> _current = new();

    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _buildAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _application = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static AppHostTest? Current => _current.Value;

    public Assembly Assembly { get; } = assembly;

    public string[] Args { get; } = args;

    public Task<DistributedApplicationBuilder> Builder => _builder.Task;

    public Task<DistributedApplication> Application => _application.Task;

    public Task WhenStopped => _stopped.Task;

    public void Start()
    {
        var main = Assembly.EntryPoint ?? throw new InvalidOperationException($"{Assembly.GetName().Name} has no entry point.");
        var thread = new Thread(() => Run(main)) { IsBackground = true, Name = $"{Assembly.GetName().Name} under test" };
        thread.Start();
    }

    public void AskForBuild() => _buildAsked.TrySetResult();

    public void AwaitBuild(DistributedApplicationBuilder builder)
    {
        _builder.TrySetResult(builder);
        _buildAsked.Task.GetAwaiter().GetResult();
    }

    public void Built(DistributedApplication application) => _application.TrySetResult(application);

    public void Stopped() => _stopped.TrySetResult();

    /// <summary>Ends <c>Main</c> of an application that was never built.</summary>
    public void Abandon()
    {
        _buildAsked.TrySetException(new OperationCanceledException("The test ended before it built the application."));
        Stopped();
    }

    private void Run(MethodInfo main)
    {
        _current.Value = this;
        try
        {
            var result = main.Invoke(null, main.GetParameters().Length == 0 ? null : [Args]);
            (result as Task)?.GetAwaiter().GetResult();
            Fail(new InvalidOperationException($"{Assembly.GetName().Name} ended without building an application."));
        }
        catch (Exception exception)
        {
            // Whatever Main throws belongs to the test that waits for it.
            Fail(exception is TargetInvocationException { InnerException: { } inner } ? inner : exception);
        }
    }

    private void Fail(Exception exception)
    {
        _builder.TrySetException(exception);
        _application.TrySetException(exception);
    }
}
