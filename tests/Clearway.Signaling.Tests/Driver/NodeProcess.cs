using System.Diagnostics;
using System.Globalization;
using Clearway.TestServers;

namespace Clearway.Signaling.Tests.Driver;

/// <summary>A gateway node in a process of its own.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private readonly Process _process;

    private NodeProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    internal Uri Address { get; }

    internal static async Task<NodeProcess> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ServerProcess.FreePort()}"));
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(Program).Assembly.Location])
        {
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["Kestrel__Endpoints__http__Url"] = address.ToString();
        var process = new Process { StartInfo = start };
        BoundProcess.Start(process);
        var node = new NodeProcess(process, address);
        using var http = new HttpClient();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await IsReadyAsync(http, address))
        {
            await Task.Delay(50, patience.Token);
        }

        return node;
    }

    /// <summary>Ends the node as kill -9 does.</summary>
    internal void Kill() => _process.Kill();

    /// <summary>Asks the node to end, as an orchestrator does.</summary>
    internal Task TerminateAsync() => ServerProcess.RunAsync("kill", ["-TERM", $"{_process.Id}"]);

    /// <summary>The exit code, once the node has ended.</summary>
    internal async Task<int> ExitAsync(TimeSpan within)
    {
        await _process.WaitForExitAsync().WaitAsync(within);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, Uri address)
    {
        try
        {
            return (await http.GetAsync(new Uri(address, "/health/ready"))).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
