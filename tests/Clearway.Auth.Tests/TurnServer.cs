using System.Net.Sockets;
using System.Runtime.InteropServices;
using Clearway.Testing;
using Clearway.TestServers;

namespace Clearway.Auth.Tests;

/// <summary>coturn on a random port of this machine; its relays are on the loopback interface.</summary>
internal sealed class TurnServer : IAsyncDisposable
{
    private static readonly TimeSpan _longestAnswer = TimeSpan.FromSeconds(10);

    /// <summary>A STUN binding request (RFC 8489 section 5), which any TURN server answers.</summary>
    private static readonly byte[] _binding = [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, .. new byte[12]];

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
        ServerProcess? server = null;
        try
        {
            var port = ServerProcess.FreePort();
            string[] place =
            [
                "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--relay-ip=::1", $"--listening-port={port}", "--no-tls", "--no-dtls",
                "--no-cli", "--log-file=stdout", $"--pidfile={folder.Path}/pid", $"--userdb={folder.Path}/db",
            ];
            server = await ServerProcess.StartAsync("turnserver", [.. arguments, .. place], port, PosixSignal.SIGINT);
            await Eventually.TrueAsync(() => AnswersAsync(port), "the TURN server answers by UDP");
            return new TurnServer(folder, server, port);
        }
        catch
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }

            folder.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Whether it answers by UDP: it listens by TCP before.</summary>
    private static async Task<bool> AnswersAsync(int port)
    {
        using var patience = new CancellationTokenSource(_longestAnswer);
        using var socket = new UdpClient("127.0.0.1", port);
        try
        {
            await socket.SendAsync(_binding, patience.Token);
            await socket.ReceiveAsync(patience.Token);
            return true;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false;
        }
    }
}
