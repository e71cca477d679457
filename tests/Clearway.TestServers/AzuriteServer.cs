using System.Globalization;

namespace Clearway.TestServers;

/// <summary>
/// A real Azurite blob server in a temporary folder, on a random port. Its program is installed from the lock file of
/// <c>offline/tools</c> on first use.
/// </summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    // The emulator's well-known account, published in its documentation: it guards nothing.
    private const string Account = "devstoreaccount1";
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly string Tools = Path.Combine(RepositoryRoot(), "offline", "tools");

    private readonly TemporaryFolder _folder;
    private readonly string _data;
    private readonly int _port;
    private ServerProcess? _server;

    private AzuriteServer(TemporaryFolder folder, string data, int port, ServerProcess server)
    {
        _folder = folder;
        _data = data;
        _port = port;
        _server = server;
    }

    /// <summary>Connection string of the storage account, without a container.</summary>
    public string ConnectionString => string.Create(
        CultureInfo.InvariantCulture,
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};BlobEndpoint=http://127.0.0.1:{_port}/{Account};");

    /// <summary>Starts a server.</summary>
    /// <param name="data">Folder of its data; without it one of its own.</param>
    public static async Task<AzuriteServer> StartAsync(string? data = null)
    {
        var folder = new TemporaryFolder("azurite");
        try
        {
            var port = ServerProcess.FreePort();
            data ??= folder.Path;
            return new AzuriteServer(folder, data, port, await StartAsync(data, port));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The operating system's id of the process.</summary>
    public int ProcessId => _server?.Id ?? throw new InvalidOperationException("The server is stopped.");

    /// <summary>Ends the server at once, as a crash does; what it has acknowledged is on the disk.</summary>
    public async Task CrashAsync()
    {
        await _server!.KillAsync();
        await StopAsync();
    }

    /// <summary>Stops the server in order.</summary>
    public async Task StopAsync()
    {
        if (_server is { } server)
        {
            _server = null;
            await server.DisposeAsync();
        }
    }

    /// <summary>Starts the server again on the same data and port, and stops it before if it runs.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        _server = await StartAsync(_data, _port);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private static async Task<ServerProcess> StartAsync(string data, int port) => await ServerProcess.StartAsync(
        "node",
        [
            "--require", Path.Combine(Tools, "durable-azurite.cjs"), await InstalledAsync(), "--blobHost", "127.0.0.1", "--blobPort", port.ToString(CultureInfo.InvariantCulture),
            "--location", data, "--silent", "--skipApiVersionCheck", "--disableTelemetry",
        ],
        port);

    private static async Task<string> InstalledAsync()
    {
        var program = Path.Combine(Tools, "node_modules", "azurite", "dist", "src", "blob", "main.js");
        if (!File.Exists(program))
        {
            await ServerProcess.RunAsync("npm", ["ci", "--prefix", Tools, "--no-audit", "--no-fund", "--loglevel=error"]);
        }

        return program;
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
