using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Clearway.Auth.V1;

namespace Clearway.Signaling.Tests.Driver;

/// <summary>A browser's side of one connection.</summary>
internal sealed class Participant : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClientWebSocket _socket;
    private readonly Channel<(JsonObject Json, byte[] Bytes)> _frames = Channel.CreateUnbounded<(JsonObject, byte[])>();
    private readonly List<string> _types = []; // guarded by itself
    private Task _receiving = Task.CompletedTask;
    private int _isEnded;

    private Participant(ClientWebSocket socket) => _socket = socket;

    internal string Id => (string)Welcome["id"]!;

    internal string Resume => (string)Welcome["resume"]!;

    internal JsonObject Welcome { get; private set; } = [];

    /// <summary>Types of all frames received so far.</summary>
    internal IReadOnlyList<string> Types
    {
        get
        {
            lock (_types)
            {
                return [.. _types];
            }
        }
    }

    internal static async Task<Participant> ConnectAsync(
        Uri address, string? origin = null, string? traceParent = null, bool receive = true)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("clearway.v1");
        if (traceParent is not null)
        {
            socket.Options.AddSubProtocol("traceparent." + traceParent);
        }

        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        socket.Options.CollectHttpResponseDetails = true;
        await socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/api/v1/ws" }.Uri, CancellationToken.None);
        var participant = new Participant(socket);
        if (receive)
        {
            participant._receiving = participant.ReceiveAsync();
        }

        return participant;
    }

    internal static async Task<Participant> JoinAsync(
        Uri address, string room, string name, Role role, string id, string? resume = null, string? wishes = null, bool receive = true, string opening = "")
    {
        var participant = await ConnectAsync(address, receive: receive);
        var more = (resume is null ? "" : $""","resume":"{resume}" """) + (wishes is null ? "" : "," + wishes);
        await participant.SendAsync($$"""{"type":"join","token":"{{AuthDouble.Token(room, id, name, role, opening)}}"{{more}}}""");
        if (receive)
        {
            participant.Welcome = await participant.ExpectAsync("welcome");
        }

        return participant;
    }

    /// <summary>Takes the answer to a join: true for a welcome.</summary>
    internal async Task<bool> IsWelcomeAsync()
    {
        var answer = await ExpectFirstAsync();
        if ((string?)answer["type"] != "welcome")
        {
            return false;
        }

        Welcome = answer;
        return true;
    }

    internal Task SendAsync(string frame) => SendAsync(Encoding.UTF8.GetBytes(frame));

    internal Task SendAsync(byte[] frame, WebSocketMessageType type = WebSocketMessageType.Text) =>
        _socket.SendAsync(frame, type, endOfMessage: true, CancellationToken.None);

    internal Task OfferAsync(Participant to, string payload) =>
        SendAsync($$"""{"type":"offer","target_id":"{{to.Id}}","payload":{{payload}}}""");

    internal Task SayAsync(string text) => SendAsync($$"""{"type":"chat","text":{{JsonSerializer.Serialize(text)}}}""");

    /// <summary>The next frame of a type; frames of other types before it are passed over.</summary>
    internal async Task<JsonObject> ExpectAsync(string type, Func<JsonObject, bool>? where = null) => (await NextAsync(type, where)).Json;

    /// <summary>The same, as bytes.</summary>
    internal async Task<byte[]> ExpectBytesAsync(string type) => (await NextAsync(type, null)).Bytes;

    /// <summary>All frames up to the end of the connection that were not taken yet.</summary>
    internal async Task<IReadOnlyList<JsonObject>> RestAsync()
    {
        await _receiving.WaitAsync(Patience);
        var rest = new List<JsonObject>();
        while (_frames.Reader.TryRead(out var frame))
        {
            rest.Add(frame.Json);
        }

        return rest;
    }

    /// <summary>The next frame, whatever it is.</summary>
    internal async Task<JsonObject> ExpectFirstAsync() => (await _frames.Reader.ReadAsync().AsTask().WaitAsync(Patience)).Json;

    /// <summary>Waits for the welcome of a join that was sent by hand.</summary>
    internal async Task ExpectWelcomeAsync() => Welcome = await ExpectAsync("welcome");

    /// <summary>The error frame and the close code with which the node ends the connection.</summary>
    internal async Task<(string? Code, int Status)> ExpectCloseAsync()
    {
        await _receiving.WaitAsync(Patience);
        string? code = null;
        while (_frames.Reader.TryRead(out var frame))
        {
            code = (string?)frame.Json["type"] == "error" ? (string?)frame.Json["code"] : code;
        }

        return (code, (int)_socket.CloseStatus!);
    }

    /// <summary>Whether the node has closed the connection.</summary>
    internal bool IsClosed => _receiving.IsCompleted;

    /// <summary>Begins to read, when the connection was made without.</summary>
    internal void Receive() => _receiving = ReceiveAsync();

    /// <summary>Cuts the connection as a lost network does.</summary>
    internal void Cut()
    {
        if (IsFirstToEnd())
        {
            _socket.Abort();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        await _receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
    }

    private async Task<(JsonObject Json, byte[] Bytes)> NextAsync(string type, Func<JsonObject, bool>? where)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (true)
            {
                var frame = await _frames.Reader.ReadAsync(patience.Token);
                if ((string?)frame.Json["type"] == type && where?.Invoke(frame.Json) != false)
                {
                    return frame;
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChannelClosedException)
        {
            throw new InvalidOperationException($"No {type} came, but: {string.Join(", ", Types)}; close {_socket.CloseStatus}", exception);
        }
    }

    // A socket that is closed and aborted at once disposes its stream twice, and fails on the second.
    private bool IsFirstToEnd() => Interlocked.Exchange(ref _isEnded, 1) == 0;

    private async Task ReceiveAsync()
    {
        var buffer = new byte[256 * 1024];
        var length = 0;
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    if (IsFirstToEnd())
                    {
                        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
                    }

                    return;
                }

                length += part.Count;
                if (part.EndOfMessage)
                {
                    var bytes = buffer[..length];
                    length = 0;
                    var json = JsonNode.Parse(bytes)!.AsObject();
                    lock (_types)
                    {
                        _types.Add((string)json["type"]!);
                    }

                    _frames.Writer.TryWrite((json, bytes));
                }
            }
        }
        catch (WebSocketException)
        {
            // Cut.
        }
        finally
        {
            _frames.Writer.TryComplete();
        }
    }
}
