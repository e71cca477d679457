using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Local;

/// <summary>
/// A child process in a group of its own. It gets SIGTERM when this process dies, however that happens, and its whole group is gone
/// when <see cref="StopAsync"/> returns.
/// </summary>
internal sealed class LocalProcess
{
    public const int SigInt = 2;
    public const int SigKill = 9;
    public const int SigTerm = 15;

    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(10);

    // The kernel sends the signal of a parent's death when the parent's *thread* ends, so one thread that never ends starts all children.
    private static readonly BlockingCollection<Action> _starts = StartingThread();

    private readonly Process _process;
    private readonly ProcessSpec _spec;
    private readonly Task _output;

    private LocalProcess(Process process, ProcessSpec spec, Action<string> onLine)
    {
        _process = process;
        _spec = spec;
        _output = Task.WhenAll(ReadAsync(process.StandardOutput, onLine), ReadAsync(process.StandardError, onLine));
        Exited = ExitAsync();
    }

    public int Id => _process.Id;

    /// <summary>Completes with the exit code once the process has ended and all it wrote was read.</summary>
    public Task<int> Exited { get; }

    /// <summary>Starts the program.</summary>
    /// <param name="spec">What to start.</param>
    /// <param name="onLine">Called for each line that it writes to either stream.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public static async Task<LocalProcess> StartAsync(ProcessSpec spec, Action<string> onLine)
    {
        var info = new ProcessStartInfo("setsid") { WorkingDirectory = spec.WorkingDirectory, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in Launcher(spec).Append(spec.FileName).Concat(spec.Arguments))
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in spec.Environment)
        {
            info.Environment[name] = value;
        }

        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _starts.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(info)!);
            }
            catch (Exception exception)
            {
                started.SetException(exception);
            }
        });
        var process = await started.Task.ConfigureAwait(false);
        process.StandardInput.Close();
        return new LocalProcess(process, spec, onLine);
    }

    /// <summary>Runs a program to its end and returns its exit code.</summary>
    public static async Task<int> RunAsync(ProcessSpec spec, Action<string> onLine, CancellationToken cancellationToken)
    {
        var process = await StartAsync(spec, onLine).ConfigureAwait(false);
        try
        {
            return await process.Exited.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await process.StopAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Asks for a clean end, and after a grace of 10 s ends whatever is left of the group.</summary>
    public async Task StopAsync()
    {
        if (!Exited.IsCompleted)
        {
            _ = Kill(_spec.SignalChildren ? -Id : Id, _spec.StopSignal);
            await Task.WhenAny(Exited, Task.Delay(_grace)).ConfigureAwait(false);
        }

        _ = Kill(-Id, SigKill);
        await Exited.ConfigureAwait(false);
        _process.Dispose();
    }

    // setsid makes the group, setpriv the tie to this process; both replace themselves, so the process id stays.
    private static IEnumerable<string> Launcher(ProcessSpec spec) => spec.RunAs is { } account
        ? ["setpriv", $"--reuid={account.UserId}", $"--regid={account.GroupId}", "--clear-groups", "--pdeathsig", "TERM", "--"]
        : ["setpriv", "--pdeathsig", "TERM", "--"];

    private static BlockingCollection<Action> StartingThread()
    {
        var starts = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var start in starts.GetConsumingEnumerable())
            {
                start();
            }
        })
        { IsBackground = true, Name = "starts processes" }.Start();
        return starts;
    }

    private static async Task ReadAsync(StreamReader reader, Action<string> onLine)
    {
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            onLine(line);
        }
    }

    private async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);

        // Children that outlive their parent keep its streams open; they are no reason to wait.
        await Task.WhenAny(_output, Task.Delay(TimeSpan.FromSeconds(1))).ConfigureAwait(false);
        return _process.ExitCode;
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
