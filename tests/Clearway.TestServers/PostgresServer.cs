using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Clearway.TestServers;

/// <summary>A PostgreSQL server of its own in a temporary folder, on a random port, with a random password.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "clearway";

    private readonly TemporaryFolder _folder;
    private readonly string _password;
    private readonly int _port;
    private ServerProcess _server;

    private PostgresServer(TemporaryFolder folder, string password, int port, ServerProcess server)
    {
        _folder = folder;
        _password = password;
        _port = port;
        _server = server;
    }

    /// <summary>Creates and starts a server; <c>initdb</c> and <c>postgres</c> are found on PATH.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var folder = new TemporaryFolder("postgres");
        try
        {
            var password = RandomNumberGenerator.GetHexString(32);
            var passwordFile = Path.Combine(folder.Path, "password");
            await File.WriteAllTextAsync(passwordFile, password);
            if (Environment.IsPrivilegedProcess)
            {
                await ServerProcess.RunAsync("chown", ["-R", "nobody:nogroup", folder.Path]);
            }

            await ServerProcess.RunAsync(
                "initdb",
                [
                    "--pgdata", Data(folder), "--username", User, "--pwfile", passwordFile,
                    "--auth-host=scram-sha-256", "--auth-local=reject", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
                ],
                asOrdinaryUser: true);
            var port = ServerProcess.FreePort();
            return new PostgresServer(folder, password, port, await StartAsync(folder, port));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Connection string in Npgsql's form.</summary>
    /// <param name="database">The database; it need not exist yet where migrations create it.</param>
    public string ConnectionString(string database) => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username={User};Password={_password};Database={database}");

    /// <summary>Stops the server as a crash does and starts it again on the same data and port.</summary>
    public async Task CrashAndRestartAsync()
    {
        await CrashAsync();
        await RestartAsync();
    }

    /// <summary>Stops the server as a crash does.</summary>
    public async Task CrashAsync()
    {
        await _server.KillAsync();
        await _server.DisposeAsync();
    }

    /// <summary>Starts a server that was stopped, on the same data and port.</summary>
    public async Task RestartAsync() => _server = await StartAsync(_folder, _port);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private static Task<ServerProcess> StartAsync(TemporaryFolder folder, int port) => ServerProcess.StartAsync(
        "postgres",
        [
            "-D", Data(folder), "-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-k", "",
            "-c", "shared_buffers=32MB", "-c", "max_connections=60",
        ],
        port,
        PosixSignal.SIGINT,
        asOrdinaryUser: true,
        readyLine: "database system is ready to accept connections");

    private static string Data(TemporaryFolder folder) => Path.Combine(folder.Path, "data");
}
