using System.Runtime.InteropServices;
using Clearway.TestServers;

namespace Clearway.Auth.Tests;

/// <summary>coturn on a random port of this machine; its relays are on the loopback interface.</summary>
internal sealed class TurnServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ServerProcess _server;

    private TurnServer(TemporaryFolder folder, ServerProcess server, int port)
    {
        _folder = folder;
        _server = server;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Starts <c>turnserver</c> with these arguments beside those of its place.</summary>
    public static async Task<TurnServer> StartAsync(params string[] arguments)
    {
        var folder = new TemporaryFolder("turn");
        try
        {
            var port = ServerProcess.FreePort();
            string[] place =
            [
                "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--relay-ip=::1", $"--listening-port={port}", "--no-tls", "--no-dtls",
                "--no-cli", "--log-file=stdout", $"--pidfile={folder.Path}/pid", $"--userdb={folder.Path}/db",
            ];
            return new TurnServer(folder, await ServerProcess.StartAsync("turnserver", [.. arguments, .. place], port, PosixSignal.SIGINT), port);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }
}
