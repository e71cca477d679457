using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Clearway.Auth.V1;

namespace Clearway.Signaling.Tests.Driver;

/// <summary>A frame of the server as it came: RFC 6455 section 5.2.</summary>
internal sealed record RawFrame(int FirstByte, bool IsMasked, byte[] Payload)
{
    internal int Opcode => FirstByte & 0x0F;

    internal JsonObject Json => JsonNode.Parse(Payload)!.AsObject();

    /// <summary>Code of a close frame; 1005 for one without (section 7.1.5).</summary>
    internal int Status => Payload.Length < 2 ? 1005 : BinaryPrimitives.ReadUInt16BigEndian(Payload);
}

/// <summary>A client byte by byte, over TCP or a stream of HTTP/2: for what a well-behaved WebSocket does not do.</summary>
internal sealed class RawSocket : IDisposable
{
    internal const string Key = "dGhlIHNhbXBsZSBub25jZQ==";
    internal const int Text = 0x1, Binary = 0x2, Close = 0x8, Ping = 0x9, Pong = 0xA;

    private static readonly byte[] Mask = [0x12, 0x34, 0x56, 0x78];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpClient _tcp = new() { NoDelay = true };
    private readonly SemaphoreSlim _writing = new(1, 1);
    private HttpMessageInvoker? _http2;
    private Stream _stream = null!;

    /// <summary>Whether pings are answered while frames are read.</summary>
    internal bool AnswersPings { get; set; } = true;

    /// <summary>How many pings were read.</summary>
    internal int Pings { get; private set; }

    /// <summary>The answer to the handshake: status line and headers.</summary>
    internal string Answer { get; private set; } = "";

    internal static string Request(string address) => $"""
        GET /api/v1/ws HTTP/1.1
        Host: {address}
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Key: {Key}
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Protocol: clearway.v1
        """;

    internal static async Task<RawSocket> ConnectAsync(Uri address, Func<string, string>? change = null, int? receiveBuffer = null, X509Certificate2? trusted = null)
    {
        var socket = new RawSocket();
        if (receiveBuffer is { } bytes)
        {
            socket._tcp.ReceiveBufferSize = bytes;
        }

        await socket._tcp.ConnectAsync(address.Host, address.Port);
        socket._stream = socket._tcp.GetStream();
        if (trusted is not null)
        {
            var tls = new SslStream(
                socket._stream, leaveInnerStreamOpen: false, (_, presented, _, _) => presented?.GetCertHashString() == trusted.Thumbprint);
            await tls.AuthenticateAsClientAsync(address.Host);
            socket._stream = tls;
        }

        var request = Request(address.Authority).ReplaceLineEndings("\r\n");
        await socket.WriteAsync(Encoding.ASCII.GetBytes((change?.Invoke(request) ?? request) + "\r\n\r\n"));
        var answer = new StringBuilder();
        while (!answer.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            answer.Append((char)(await socket.ReadAsync(1))[0]);
        }

        socket.Answer = answer.ToString();
        return socket;
    }

    /// <summary>A WebSocket over a connection of HTTP/2 of its own, without TLS (RFC 8441 section 4).</summary>
    internal static async Task<RawSocket> ConnectOverHttp2Async(Uri address)
    {
        var socket = new RawSocket();
        socket._http2 = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                await socket._tcp.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellation);
                return socket._tcp.GetStream();
            },
        });
        using var request = new HttpRequestMessage(HttpMethod.Connect, new Uri(address, "/api/v1/ws"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Protocol = "websocket";
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Protocol", "clearway.v1");
        var response = await socket._http2.SendAsync(request, CancellationToken.None).WaitAsync(Patience);
        socket.Answer = $"{(int)response.StatusCode} {response.Headers.NonValidated["Sec-WebSocket-Protocol"]}";
        socket._stream = await response.Content.ReadAsStreamAsync();
        return socket;
    }

    /// <summary>Somebody who has joined and read the welcome and the history.</summary>
    internal static async Task<RawSocket> JoinAsync(
        Uri address,
        string room,
        string name,
        string? resume = null,
        long? received = null,
        int? receiveBuffer = null,
        bool overHttp2 = false,
        X509Certificate2? trusted = null)
    {
        var socket = overHttp2 ? await ConnectOverHttp2Async(address) : await ConnectAsync(address, receiveBuffer: receiveBuffer, trusted: trusted);
        var more = resume is null ? "" : $",\"resume\":\"{resume}\"" + (received is { } count ? $",\"received\":{count}" : "");
        await socket.SendAsync(
            $$"""{"type":"join","token":"{{AuthDouble.Token(room, "p-" + name.ToLowerInvariant(), name, Role.Participant)}}"{{more}}}""");
        socket.Welcome = (await socket.ExpectAsync("welcome")).Json;
        return socket;
    }

    internal JsonObject Welcome { get; private set; } = [];

    internal string Resume => (string)Welcome["resume"]!;

    /// <summary>One masked frame.</summary>
    internal static byte[] Frame(int opcode, ReadOnlySpan<byte> payload, bool isFinal = true, int reserved = 0, bool isMasked = true, int? form = null)
    {
        var bytes = new List<byte> { (byte)((isFinal ? 0x80 : 0) | reserved << 4 | opcode) };
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(length, (ulong)payload.Length);
        var size = form ?? (payload.Length < 126 ? 7 : payload.Length < 65536 ? 16 : 64);
        bytes.Add((byte)((isMasked ? 0x80 : 0) | (size == 7 ? payload.Length : size == 16 ? 126 : 127)));
        bytes.AddRange(length[(size == 7 ? 8 : size == 16 ? 6 : 0)..]);
        if (isMasked)
        {
            bytes.AddRange(Mask);
        }

        for (var i = 0; i < payload.Length; i++)
        {
            bytes.Add(isMasked ? (byte)(payload[i] ^ Mask[i & 3]) : payload[i]);
        }

        return [.. bytes];
    }

    internal async Task WriteAsync(byte[] bytes)
    {
        // Pongs are written by who reads.
        await _writing.WaitAsync();
        try
        {
            await _stream.WriteAsync(bytes).AsTask().WaitAsync(Patience);
            await _stream.FlushAsync().WaitAsync(Patience);
        }
        finally
        {
            _writing.Release();
        }
    }

    internal Task SendAsync(string text) => WriteAsync(Frame(Text, Encoding.UTF8.GetBytes(text)));

    /// <summary>The next frame; null when the connection ended.</summary>
    internal async Task<RawFrame?> NextAsync()
    {
        while (true)
        {
            RawFrame frame;
            try
            {
                var head = await ReadAsync(2);
                var length = head[1] & 0x7F;
                length = length switch
                {
                    126 => BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(2)),
                    127 => (int)BinaryPrimitives.ReadUInt64BigEndian(await ReadAsync(8)),
                    _ => length,
                };
                frame = new RawFrame(head[0], (head[1] & 0x80) != 0, await ReadAsync(length));
                if (frame.Opcode != Ping)
                {
                    return frame;
                }
            }
            catch (IOException)
            {
                return null;
            }

            Pings++;
            if (AnswersPings)
            {
                await WriteAsync(Frame(Pong, frame.Payload));
            }
        }
    }

    /// <summary>The next text frame of a type; others before it are passed over.</summary>
    internal async Task<RawFrame> ExpectAsync(string type)
    {
        while (true)
        {
            var frame = await NextAsync() ?? throw new InvalidOperationException($"The connection ended before {type}");
            if (frame.Opcode == Text && (string?)frame.Json["type"] == type)
            {
                return frame;
            }
        }
    }

    /// <summary>The next frame of an opcode.</summary>
    internal async Task<RawFrame> ExpectAsync(int opcode)
    {
        while (true)
        {
            var frame = await NextAsync() ?? throw new InvalidOperationException("The connection ended");
            if (frame.Opcode == opcode)
            {
                return frame;
            }
        }
    }

    /// <summary>Ends the connection at once, as a lost network does: what is in flight is lost in both directions.</summary>
    internal void Reset()
    {
        _tcp.LingerState = new LingerOption(enable: true, seconds: 0);
        _tcp.Close();
    }

    public void Dispose()
    {
        _http2?.Dispose();
        _tcp.Dispose();
        _writing.Dispose();
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(Patience);
        return bytes;
    }
}
