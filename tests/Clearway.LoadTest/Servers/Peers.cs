using System.Globalization;
using Clearway.TestServers;

namespace Clearway.LoadTest.Servers;

/// <summary>Starts the servers that Clearway is compared with, each on one core.</summary>
internal static class Peers
{
    internal static async Task<Running?> PeerServerAsync(int? core) => await NodeAsync(
        core, port => ["node_modules/peer/dist/bin/peerjs.js", "--host", "127.0.0.1", "--port", port, "--concurrent_limit", "100000"]);

    internal static async Task<Running?> YWebrtcAsync(int? core) => await NodeAsync(core, _ => ["node_modules/y-webrtc/bin/server.js"]);

    internal static async Task<Running?> SocketIoAsync(int? core) => await NodeAsync(core, port => ["socketio.mjs", port]);

    internal static async Task<Running?> WsAsync(int? core) => await NodeAsync(core, port => ["ws.mjs", port]);

    internal static Task<Running?> SignalRAsync(int? core) => AspNetAsync(core, "signalr");

    internal static Task<Running?> PlainAsync(int? core) => AspNetAsync(core, "plain");

    /// <summary>@tus/server, with its files in a folder.</summary>
    internal static async Task<Running?> TusAsync(int? core, string folder) => await NodeAsync(core, port => ["tus.mjs", port, folder]);

    /// <summary>@tus/server, with its files in a blob server.</summary>
    internal static async Task<Running?> TusOverBlobsAsync(int? core, string blobs) => await NodeAsync(core, _ => ["tus-blobs.mjs"], ("BLOBS", blobs));

    /// <summary>A POST into a file.</summary>
    internal static Task<Running?> FilePostAsync(int? core, string file) => AspNetAsync(core, "filepost", file);

    /// <summary>The relay in C; null where there is no compiler.</summary>
    internal static async Task<Running?> LimitAsync(int? core)
    {
        var port = ServerProcess.FreePort();
        return await Repository.LimitAsync() is { } program
            ? await Running.StartAsync(program, [port.ToString(CultureInfo.InvariantCulture)], port, core)
            : null;
    }

    private static async Task<Running?> NodeAsync(int? core, Func<string, string[]> arguments, params (string Name, string Value)[] settings)
    {
        var port = ServerProcess.FreePort();
        var text = port.ToString(CultureInfo.InvariantCulture);
        var environment = new Dictionary<string, string> { ["NODE_ENV"] = "production", ["PORT"] = text };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return await Running.StartAsync("node", arguments(text), port, core, environment, await Repository.PeersAsync());
    }

    private static async Task<Running?> AspNetAsync(int? core, string peer, params string[] more)
    {
        var port = ServerProcess.FreePort();
        string[] arguments =
            ["exec", typeof(Peers).Assembly.Location, "serve", peer, port.ToString(CultureInfo.InvariantCulture), .. more];
        return await Running.StartAsync("dotnet", arguments, port, core);
    }
}
