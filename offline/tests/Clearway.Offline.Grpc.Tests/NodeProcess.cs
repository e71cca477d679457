using System.Diagnostics;
using System.Reflection;

namespace Clearway.Offline.Grpc.Tests;

/// <summary>A script of the folder node/, ended with the test that started it.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly string Folder = typeof(NodeProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "NodeFolder").Value!;

    private readonly Process _process;

    private NodeProcess(Process process) => _process = process;

    public static NodeProcess Start(string script, params string[] arguments) => new(Process.Start(
        new ProcessStartInfo("node", [script, .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!);

    /// <summary>The next line that the script writes.</summary>
    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60))
        ?? throw new InvalidOperationException($"node ended with exit code {_process.ExitCode} and without a word.");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
