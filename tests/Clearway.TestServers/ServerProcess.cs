using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Clearway.TestServers;

/// <summary>A server program that a test runs: started, waited for until it accepts connections, stopped by a signal.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(20);

    private readonly Process _process;
    private readonly PosixSignal _stopSignal;
    private readonly StringBuilder _output = new(); // guarded by itself

    private ServerProcess(
        string program,
        IEnumerable<string> arguments,
        PosixSignal stopSignal,
        bool asOrdinaryUser,
        IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        _stopSignal = stopSignal;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        BoundProcess.Start(_process, stopSignal, asOrdinaryUser);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The operating system's id of the process.</summary>
    public int Id => _process.Id;

    /// <summary>What the server wrote so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts a server and waits until it accepts connections on 127.0.0.1.</summary>
    /// <param name="program">The program, found on PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="port">The port it will listen on.</param>
    /// <param name="stopSignal">The signal that stops it cleanly.</param>
    /// <param name="asOrdinaryUser">Whether it refuses to run as root.</param>
    /// <param name="environment">Variables that it gets beside this process's own.</param>
    /// <param name="folder">Its working directory, this process's own by default.</param>
    /// <param name="readyLine">What it writes once it serves, for a server that accepts connections earlier.</param>
    /// <exception cref="InvalidOperationException">It ended, or did not listen within a minute; the message has its output.</exception>
    public static async Task<ServerProcess> StartAsync(
        string program,
        IEnumerable<string> arguments,
        int port,
        PosixSignal stopSignal = PosixSignal.SIGTERM,
        bool asOrdinaryUser = false,
        IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null,
        string? readyLine = null)
    {
        var server = new ServerProcess(program, arguments, stopSignal, asOrdinaryUser, environment, folder);
        var waited = Stopwatch.StartNew();
        while (!(await IsListeningAsync(port) && (readyLine is null || server.Output.Contains(readyLine, StringComparison.Ordinal))))
        {
            if (server._process.HasExited || waited.Elapsed > LongestStart)
            {
                await server.DisposeAsync();
                throw new InvalidOperationException($"{program} does not listen on port {port}.\n{server.Output}");
            }

            await Task.Delay(BetweenAttempts);
        }

        return server;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has its output.</exception>
    public static async Task RunAsync(string program, IEnumerable<string> arguments, bool asOrdinaryUser = false)
    {
        var run = new ServerProcess(program, arguments, PosixSignal.SIGTERM, asOrdinaryUser);
        await run._process.WaitForExitAsync();
        var failed = run._process.ExitCode != 0;
        await run.DisposeAsync();
        if (failed)
        {
            throw new InvalidOperationException($"{program} failed.\n{run.Output}");
        }
    }

    /// <summary>A TCP port that nothing listens on at this moment.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Ends the server at once, as a crash does.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks the server to stop, and kills it when it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _ = Kill(_process.Id, _stopSignal == PosixSignal.SIGINT ? 2 : 15);
            using var patience = new CancellationTokenSource(LongestStop);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                await KillAsync();
            }
        }

        _process.Dispose();
    }

    private static async Task<bool> IsListeningAsync(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
