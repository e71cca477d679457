using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Clearway.LoadTest.Servers;

/// <summary>The peers made of ASP.NET Core, each in a process of its own: this program, started again with the command <c>serve</c>.</summary>
internal static class AspNetPeers
{
    /// <summary>A hub that relays to one client and to a group.</summary>
    internal static Task ServeSignalRAsync(int port) => ServeAsync(port, services => services.AddSignalR(), app => app.MapHub<RelayHub>("/relay"));

    /// <summary>Kestrel's own WebSocket in a loop that echoes: the least that a server on it can do.</summary>
    internal static Task ServePlainAsync(int port) => ServeAsync(port, _ => { }, app =>
    {
        app.UseWebSockets();
        app.Map("/plain", EchoAsync);
    });

    private static Task ServeAsync(int port, Action<IServiceCollection> add, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        add(builder.Services);
        var app = builder.Build();
        app.Urls.Add($"http://127.0.0.1:{port}");
        map(app);
        return app.RunAsync();
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[4 * 1024];
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", context.RequestAborted);
                    return;
                }

                await socket.SendAsync(buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, context.RequestAborted);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The client is gone.
        }
    }
}

/// <summary>What the load asks of SignalR.</summary>
#pragma warning disable CA1812 // Made by SignalR.
internal sealed class RelayHub : Hub
#pragma warning restore CA1812
{
    private static readonly ConcurrentDictionary<string, string> _connections = new(StringComparer.Ordinal);

    /// <summary>Takes a name, under which the others find this client.</summary>
    public Task Enter(string name)
    {
        _connections[name] = Context.ConnectionId;
        return Clients.Caller.SendAsync("Entered");
    }

    /// <summary>Relays to one client.</summary>
    public Task Offer(string target, JsonElement payload) =>
        Clients.Client(_connections[target]).SendAsync("Offer", Context.ConnectionId, payload);

    /// <summary>Enters a room.</summary>
    public async Task EnterRoom(string room)
    {
        await Groups.AddToGroupAsync(Context.ConnectionId, room);
        await Clients.Caller.SendAsync("Entered");
    }

    /// <summary>Says something to everyone in a room.</summary>
    public Task Chat(string room, string text) => Clients.Group(room).SendAsync("Chat", Context.ConnectionId, text);
}
