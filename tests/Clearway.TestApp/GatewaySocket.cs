using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Clearway.TestApp;

/// <summary>A WebSocket to the signaling gateway that speaks the wire of docs/signaling-protocol.md.</summary>
public sealed class GatewaySocket : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[256 * 1024];

    private GatewaySocket()
    {
    }

    /// <summary>Close code that the gateway gave; null while the connection is open.</summary>
    public int? CloseCode => (int?)_socket.CloseStatus;

    /// <summary>Opens a connection; throws <see cref="WebSocketException"/> when the upgrade is refused.</summary>
    /// <param name="app">The application.</param>
    /// <param name="origin">Origin header; none when null.</param>
    /// <param name="traceparent">Trace context to offer as a subprotocol.</param>
    /// <param name="roomHint">Room id to offer as a subprotocol.</param>
    public static async Task<GatewaySocket> ConnectAsync(
        ClearwayApp app, string? origin = null, string? traceparent = null, string? roomHint = null)
    {
        var gateway = new GatewaySocket();
        gateway._socket.Options.AddSubProtocol("clearway.v1");
        gateway._socket.Options.CollectHttpResponseDetails = true;
        if (traceparent is not null)
        {
            gateway._socket.Options.AddSubProtocol("traceparent." + traceparent);
        }

        if (roomHint is not null)
        {
            gateway._socket.Options.AddSubProtocol("room." + roomHint);
        }

        if (origin is not null)
        {
            gateway._socket.Options.SetRequestHeader("Origin", origin);
        }

        using var timeout = new CancellationTokenSource(_patience);
        var address = new UriBuilder(app.Address) { Scheme = app.Address.Scheme == "https" ? "wss" : "ws", Path = "/api/v1/ws" };
        try
        {
            await gateway._socket.ConnectAsync(address.Uri, timeout.Token);
        }
        catch (WebSocketException refused)
        {
            var status = (int)gateway._socket.HttpStatusCode;
            await gateway.DisposeAsync();
            throw new WebSocketException($"The upgrade was refused with status {status}.", refused) { Data = { ["status"] = status } };
        }

        return gateway;
    }

    /// <summary>Connects, joins and answers the connection together with the welcome.</summary>
    public static async Task<(GatewaySocket Gateway, JsonNode Welcome)> JoinAsync(ClearwayApp app, string token)
    {
        var gateway = await ConnectAsync(app);
        await gateway.SendAsync(new { type = "join", token });
        return (gateway, await gateway.ReceiveAsync("welcome"));
    }

    /// <summary>Sends an object as one text frame.</summary>
    public Task SendAsync<T>(T message) => SendTextAsync(JsonSerializer.Serialize(message));

    /// <summary>Sends this very text as one text frame.</summary>
    public Task SendTextAsync(string text) => SendBytesAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    /// <summary>Sends these very bytes as one frame.</summary>
    public Task SendBytesAsync(byte[] bytes, WebSocketMessageType type) => _socket.SendAsync(bytes, type, endOfMessage: true, CancellationToken.None);

    /// <summary>Reads on to the next message of one of these types; messages of other types before it are passed over.</summary>
    public async Task<JsonNode> ReceiveAsync(params string[] types)
    {
        while (await ReadAsync() is { } message)
        {
            if (types.Contains(message["type"]!.GetValue<string>()))
            {
                return message;
            }
        }

        throw new WebSocketException($"The connection was closed with {CloseCode} before a message of type {string.Join(" or ", types)} came.");
    }

    /// <summary>Says a line, and again when it may be where it came too soon after the last one; answers the next line of the room.</summary>
    public async Task<JsonNode> SayAsync(string text)
    {
        while (true)
        {
            await SendAsync(new { type = "chat", text });
            var answer = await ReceiveAsync("chat_broadcast", "error");
            switch ((string?)answer["code"])
            {
                case null:
                    return answer;
                case "chat_rate":
                    await Task.Delay((int)answer["retry_after_ms"]!);
                    break;
                case var code:
                    throw new WebSocketException($"The line was refused: {code}");
            }
        }
    }

    /// <summary>Reads on until the gateway closes; answers the close code and the code of the last error message.</summary>
    public async Task<(int CloseCode, string? ErrorCode)> ReceiveCloseAsync()
    {
        string? code = null;
        while (await ReadAsync() is { } message)
        {
            code = message["type"]!.GetValue<string>() == "error" ? message["code"]!.GetValue<string>() : code;
        }

        return (CloseCode!.Value, code);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The next message, or null once the gateway has closed the connection.</summary>
    private async Task<JsonNode?> ReadAsync()
    {
        using var timeout = new CancellationTokenSource(_patience);
        var length = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), timeout.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            length += part.Count;
            if (part.EndOfMessage)
            {
                return JsonNode.Parse(_buffer.AsSpan(0, length))!;
            }
        }
    }
}
