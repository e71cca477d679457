using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Clearway.Proxy.Tests;

/// <summary>The four services behind the proxy, in one host: real HTTP, WebSocket and gRPC, with answers that tests choose.</summary>
internal sealed class Upstreams : IAsyncDisposable
{
    /// <summary>A frame at which the gateway cuts the connection, as a process that is killed does.</summary>
    internal const string Die = "die";

    private readonly WebApplication _app;

    private Upstreams()
    {
        // Empty: the proxy's settings lie in the same folder and must not reach the services behind it.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(Auth);
        builder.Services.AddSingleton(Storage);
        builder.Services.AddSingleton(History);
        builder.Services.AddSingleton(Predictions);
        builder.Services.AddSingleton(Files);
        _app = builder.Build();
        _app.UseWebSockets();
        _app.MapGrpcService<AuthDouble>();
        _app.MapGrpcService<StorageDouble>();
        _app.MapGrpcService<HistoryDouble>();
        _app.MapGrpcService<PredictionsDouble>();
        _app.MapGrpcService<FilesDouble>();
        _app.MapGet("/health/ready", () => Results.StatusCode(ReadyStatus));
        _app.MapGet("/health/node/{id}", (string id) => id == NodeId ? Results.NoContent() : Results.NotFound());
        _app.MapGet("/api/v1/ws", EchoAsync);
        _app.Map("/{**path}", (HttpContext context) =>
        {
            Requests.Enqueue(Seen.Of(context.Request));
            context.Response.Headers.SetCookie = "clearway_account=x; HttpOnly";
            return RestStatus is { } status ? Results.StatusCode(status) : Results.Json(new { path = context.Request.Path.Value });
        });
    }

    internal AuthDouble Auth { get; } = new();

    internal StorageDouble Storage { get; } = new();

    internal HistoryDouble History { get; } = new();

    internal PredictionsDouble Predictions { get; } = new();

    internal FilesDouble Files { get; } = new();

    /// <summary>When set, the REST endpoints answer this status without a body.</summary>
    internal int? RestStatus { get; set; }

    internal int ReadyStatus { get; set; } = StatusCodes.Status200OK;

    /// <summary>The id under which this gateway answers as a node; null for none.</summary>
    internal string? NodeId { get; set; }

    /// <summary>What the REST and WebSocket endpoints were asked.</summary>
    internal ConcurrentQueue<Seen> Requests { get; } = new();

    internal string Http => _app.Urls.First();

    internal string Grpc => _app.Urls.Last();

    internal static async Task<Upstreams> StartAsync()
    {
        var upstreams = new Upstreams();
        await upstreams._app.StartAsync();
        return upstreams;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task EchoAsync(HttpContext context)
    {
        Requests.Enqueue(Seen.Of(context.Request));
        using var socket = await context.WebSockets.AcceptWebSocketAsync("clearway.v1");
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } message)
        {
            if (buffer.AsSpan(0, message.Count).SequenceEqual("die"u8))
            {
                context.Abort();
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, CancellationToken.None);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }
}

/// <summary>A request as a service behind the proxy sees it.</summary>
internal sealed record Seen(string Method, string Path, string Host, IReadOnlyDictionary<string, string> Headers)
{
    internal static Seen Of(HttpRequest request) => new(
        request.Method,
        request.Path.Value ?? "",
        request.Host.Value ?? "",
        request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
}
