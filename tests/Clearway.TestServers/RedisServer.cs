namespace Clearway.TestServers;

/// <summary>A Redis server of its own on a random port. It keeps nothing when it stops.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly int _port;
    private ServerProcess _server;

    private RedisServer(TemporaryFolder folder, int port, ServerProcess server)
    {
        _folder = folder;
        _port = port;
        _server = server;
    }

    /// <summary>Connection string in StackExchange.Redis' form.</summary>
    public string ConnectionString => $"127.0.0.1:{_port}";

    /// <summary>Starts a server; <c>redis-server</c> is found on PATH.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        var folder = new TemporaryFolder("redis");
        try
        {
            var port = ServerProcess.FreePort();
            return new RedisServer(folder, port, await StartAsync(folder, port));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Ends the server at once, as a crash does; everything in it is lost.</summary>
    public Task CrashAsync() => _server.KillAsync();

    /// <summary>Starts the server again, empty, on the same port.</summary>
    public async Task RestartAsync()
    {
        await _server.DisposeAsync();
        _server = await StartAsync(_folder, _port);
    }

    /// <summary>Empties the server while it runs.</summary>
    public Task FlushAsync() =>
        ServerProcess.RunAsync("redis-cli", ["-p", _port.ToString(System.Globalization.CultureInfo.InvariantCulture), "FLUSHALL"]);

    /// <summary>Stops the process where it is: connections stay open and nothing is answered, as behind a broken network.</summary>
    public Task FreezeAsync() => ServerProcess.RunAsync("kill", ["-STOP", $"{_server.Id}"]);

    /// <summary>Ends <see cref="FreezeAsync"/>.</summary>
    public Task ThawAsync() => ServerProcess.RunAsync("kill", ["-CONT", $"{_server.Id}"]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private static Task<ServerProcess> StartAsync(TemporaryFolder folder, int port) => ServerProcess.StartAsync(
        "redis-server",
        ["--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder.Path, "--save", "", "--loglevel", "warning"],
        port);
}
