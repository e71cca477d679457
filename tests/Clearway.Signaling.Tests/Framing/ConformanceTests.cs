using System.Text;
using Clearway.Signaling.Tests.Driver;
using FsCheck;
using FsCheck.Fluent;

namespace Clearway.Signaling.Tests.Framing;

/// <summary>What RFC 6455 binds a server to; docs/rfc6455.md names the section of each.</summary>
public class ConformanceTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private Uri Address => shared.Gateway.Address;

    [Fact]
    public async Task Handshake_OfAClient_IsAnsweredAsTheRfcComputesIt()
    {
        using var socket = await RawSocket.ConnectAsync(Address);

        Assert.StartsWith("HTTP/1.1 101 ", socket.Answer, StringComparison.Ordinal);
        var headers = socket.Answer.Split("\r\n");
        Assert.Contains("Upgrade: websocket", headers);
        Assert.Contains("Connection: Upgrade", headers);

        // The key and its answer are those of section 1.3.
        Assert.Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", headers);
        Assert.Contains("Sec-WebSocket-Protocol: clearway.v1", headers);
        Assert.DoesNotContain(headers, header => header.StartsWith("Sec-WebSocket-Extensions", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("Upgrade: websocket", "Upgrade: WebSocket")]
    [InlineData("Connection: Upgrade", "Connection: keep-alive, upgrade")]
    [InlineData("clearway.v1", "chat, clearway.v1")]
    [InlineData("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: permessage-deflate")]
    public async Task Handshake_InAnotherAllowedForm_IsAccepted(string from, string to)
    {
        using var socket = await RawSocket.ConnectAsync(Address, request => request.Replace(from, to, StringComparison.Ordinal));

        Assert.StartsWith("HTTP/1.1 101 ", socket.Answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Extensions", socket.Answer, StringComparison.Ordinal);
        Assert.Contains("Sec-WebSocket-Protocol: clearway.v1", socket.Answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "POST", 405)]
    [InlineData("HTTP/1.1", "HTTP/1.0", 400)]
    [InlineData("Upgrade: websocket", "Upgrade: h2c", 400)]
    [InlineData("Upgrade: websocket", "X-Nothing: x", 400)]
    [InlineData("Connection: Upgrade", "Connection: keep-alive", 400)]
    [InlineData("Sec-WebSocket-Key", "X-Key", 400)]
    [InlineData(RawSocket.Key, "c2hvcnQ=", 400)]
    [InlineData(RawSocket.Key, "dGhlIHNhbXBsZSBub25jZQ=!", 400)]
    [InlineData(RawSocket.Key, "dGhlIHNhbXBsZSBub25jZTE=", 400)]
    [InlineData("Sec-WebSocket-Protocol: clearway.v1", "X-Nothing: x", 400)]
    [InlineData("clearway.v1", "chat", 400)]
    [InlineData("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8", 426)]
    [InlineData("Sec-WebSocket-Version: 13", "X-Nothing: x", 426)]
    public async Task Handshake_ThatIsNotWhole_IsRefused(string from, string to, int status)
    {
        using var socket = await RawSocket.ConnectAsync(Address, request => request.Replace(from, to, StringComparison.Ordinal));

        Assert.Contains($" {status} ", socket.Answer.Split("\r\n")[0], StringComparison.Ordinal);
        Assert.Equal(status == 426, socket.Answer.Contains("Sec-WebSocket-Version: 13", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Frames_OfTheServer_AreFinalUnmaskedAndInTheirShortestForm()
    {
        var room = NewRoom();
        using var me = await RawSocket.JoinAsync(Address, room, "Me");
        await using var from = await shared.Gateway.JoinAsync(room, "From");
        foreach (var length in (int[])[1, 126, 40_000, 65_400])
        {
            await from.SendAsync($$"""{"type":"offer","target_id":"p-me","payload":"{{new string('x', length)}}"}""");

            var frame = await me.ExpectAsync("offer");

            Assert.Equal((0x81, false), (frame.FirstByte, frame.IsMasked));
            Assert.Equal(length, ((string)frame.Json["payload"]!).Length);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(125)]
    public async Task Ping_IsAnsweredByAPongWithItsPayload_AlsoInsideAMessage(int length)
    {
        using var me = await RawSocket.JoinAsync(Address, NewRoom(), "Me");
        var payload = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();

        await me.WriteAsync(RawSocket.Frame(RawSocket.Text, "{\"type\":\"chat\","u8, isFinal: false));
        await me.WriteAsync(RawSocket.Frame(RawSocket.Ping, payload));
        Assert.Equal(payload, (await me.ExpectAsync(RawSocket.Pong)).Payload);

        await me.WriteAsync(RawSocket.Frame(0, "\"text\":\"whole\"}"u8));
        Assert.Equal("whole", (string?)(await me.ExpectAsync("chat_broadcast")).Json["text"]);
    }

    [Fact]
    public async Task Pong_ThatNobodyAskedFor_IsIgnored()
    {
        using var me = await RawSocket.JoinAsync(Address, NewRoom(), "Me");

        await me.WriteAsync(RawSocket.Frame(RawSocket.Pong, "unasked"u8));
        await me.WriteAsync(RawSocket.Frame(RawSocket.Pong, [0x7F, 1, 1, 1, 1, 1, 1, 1]));

        await me.SendAsync("""{"type":"chat","text":"on"}""");
        await me.ExpectAsync("chat_broadcast");
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(1003)]
    [InlineData(1007)]
    [InlineData(1011)]
    [InlineData(1014)]
    [InlineData(3000)]
    [InlineData(4999)]
    public async Task Close_OfTheClient_IsAnsweredWithItsCode_AndTheConnectionEnds(int code)
    {
        using var me = await RawSocket.JoinAsync(Address, NewRoom(), "Me");

        await me.WriteAsync(RawSocket.Frame(RawSocket.Close, [(byte)(code >> 8), (byte)code, .. "bye"u8]));

        Assert.Equal(code, (await me.ExpectAsync(RawSocket.Close)).Status);
        Assert.Null(await me.NextAsync());
    }

    [Fact]
    public async Task Close_WithoutACode_IsAnsweredWithoutOne_AndWhatFollowsIsNotTaken()
    {
        var room = NewRoom();
        await using var other = await shared.Gateway.JoinAsync(room, "Other");
        using var me = await RawSocket.JoinAsync(Address, room, "Me");

        await me.WriteAsync(
            [.. RawSocket.Frame(RawSocket.Close, ""u8), .. RawSocket.Frame(RawSocket.Text, """{"type":"chat","text":"too late"}"""u8)]);

        Assert.Equal(1005, (await me.ExpectAsync(RawSocket.Close)).Status);
        Assert.Null(await me.NextAsync());
        await other.ExpectAsync("peer-away");
        Assert.DoesNotContain("chat_broadcast", other.Types);
    }

    [Fact]
    public async Task Close_OfTheServer_ComesAfterTheError_AndOnce()
    {
        using var me = await RawSocket.JoinAsync(Address, NewRoom(), "Me");

        await me.WriteAsync(RawSocket.Frame(RawSocket.Text, "{"u8));

        Assert.Equal("bad_json", (string?)(await me.ExpectAsync("error")).Json["code"]);
        var close = await me.ExpectAsync(RawSocket.Close);
        Assert.Equal((4100, "bad_json"), (close.Status, Encoding.UTF8.GetString(close.Payload.AsSpan(2))));
        await me.WriteAsync(RawSocket.Frame(RawSocket.Close, [0x10, 0x04]));
        Assert.Null(await me.NextAsync());
    }

    [Fact]
    public async Task Message_SplitAnywhere_IsTheSameMessage()
    {
        await using var gateway = await Gateway.StartAsync(
            settings: [("Signaling:MaxFramesPerSecond", "100000"), ("Signaling:ChatInterval", "00:00:00")]);
        using var splitter = await RawSocket.JoinAsync(gateway.Address, "split", "Splitter");
        var text = Encoding.UTF8.GetBytes("""{"type":"chat","text":"é👋€ \u0041 split anywhere"}""");

        // Cuts of the message into fragments, and of the bytes into writes.
        var cuts = Gen.ArrayOf(Gen.Choose(0, text.Length)).Two();
        Prop.ForAll(cuts.ToArbitrary(), pair =>
        {
            var (fragments, writes) = pair;
            var bytes = Fragments(text, fragments);
            foreach (var part in Parts(bytes, writes.Select(cut => cut * bytes.Length / text.Length)))
            {
                splitter.WriteAsync(part).GetAwaiter().GetResult();
            }

            return (string?)splitter.ExpectAsync("chat_broadcast").GetAwaiter().GetResult().Json["text"] == "é👋€ A split anywhere";
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public async Task Fragments_AtEveryPosition_WithAPingBetween_AreTheSameMessage()
    {
        await using var gateway = await Gateway.StartAsync(
            settings: [("Signaling:MaxFramesPerSecond", "100000"), ("Signaling:ChatInterval", "00:00:00")]);
        using var me = await RawSocket.JoinAsync(gateway.Address, "every", "Me");
        var text = Encoding.UTF8.GetBytes("""{"type":"chat","text":"é👋€"}""");
        for (var cut = 0; cut <= text.Length; cut++)
        {
            await me.WriteAsync(
                [
                    .. RawSocket.Frame(RawSocket.Text, text.AsSpan(0, cut), isFinal: false), .. RawSocket.Frame(RawSocket.Ping, "p"u8),
                    .. RawSocket.Frame(0, text.AsSpan(cut)),
                ]);
            Assert.Equal("é👋€", (string?)(await me.ExpectAsync("chat_broadcast")).Json["text"]);
        }
    }

    [Fact]
    public async Task Message_OfExactly64KiBInFragments_Passes()
    {
        var room = NewRoom();
        using var me = await RawSocket.JoinAsync(Address, room, "Me");
        await using var peer = await shared.Gateway.JoinAsync(room, "Peer");
        const string Head = """{"type":"offer","target_id":"p-peer","payload":" """;
        var text = Encoding.UTF8.GetBytes(Head + new string('x', 65_536 - Head.Length - 2) + "\"}");

        await me.WriteAsync(
            [
                .. RawSocket.Frame(RawSocket.Text, text.AsSpan(0, 1), isFinal: false), .. RawSocket.Frame(0, text.AsSpan(1, 40_000), isFinal: false),
                .. RawSocket.Frame(0, text.AsSpan(40_001)),
            ]);

        Assert.InRange((await peer.ExpectBytesAsync("offer")).Length, 65_500, 65_600);
    }

    [Fact]
    public async Task Client_ThatIsSilentForTwoPings_IsAway()
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        await using var gateway = await Gateway.StartAsync(time: time, settings: ("Signaling:KeepAliveInterval", "00:00:20"));
        using var me = await RawSocket.JoinAsync(gateway.Address, "silent", "Me");
        me.AnswersPings = false;

        // A session begins with a ping, before anybody is silent.
        await me.ExpectAsync("chat_history");
        var begin = me.Pings;
        var closed = me.ExpectAsync(RawSocket.Close);
        await AdvanceUntilAsync(() => me.Pings == begin + 1, TimeSpan.FromMilliseconds(250));
        await AdvanceUntilAsync(() => me.Pings == begin + 2, TimeSpan.FromMilliseconds(250));

        // In small steps at last: who does not read the close frame within a second is cut.
        time.Advance(TimeSpan.FromSeconds(20));
        await AdvanceUntilAsync(() => closed.IsCompleted, TimeSpan.FromMilliseconds(50));

        Assert.Equal(4002, (await closed).Status);
        Assert.Equal(begin + 2, me.Pings);

        Task AdvanceUntilAsync(Func<bool> condition, TimeSpan step) => Eventually.TrueAsync(
            () =>
            {
                time.Advance(step);
                return condition();
            },
            "two pings go unanswered, and then the connection is closed");
    }

    [Fact]
    public async Task Client_ThatAnswersPings_StaysThoughItSaysNothing()
    {
        await using var gateway = await Gateway.StartAsync(settings: ("Signaling:KeepAliveInterval", "00:00:02"));
        await using var quiet = await gateway.JoinAsync("quiet", "Quiet");
        await using var other = await gateway.JoinAsync("quiet", "Other");
        using var silent = await RawSocket.JoinAsync(gateway.Address, "quiet", "Silent");
        silent.AnswersPings = false;

        // By the time the silent one is away, the quiet one was asked as often.
        Assert.Equal("p-silent", (string?)(await other.ExpectAsync("peer-away"))["id"]);
        Assert.Single(other.Types, type => type == "peer-away");
    }

    private static string NewRoom() => "r" + Guid.NewGuid().ToString("N")[..11];

    private static byte[] Fragments(byte[] text, IEnumerable<int> cuts)
    {
        var parts = Parts(text, cuts).ToList();
        return [.. parts.SelectMany((part, i) => RawSocket.Frame(i == 0 ? RawSocket.Text : 0, part, isFinal: i == parts.Count - 1))];
    }

    private static IEnumerable<byte[]> Parts(byte[] bytes, IEnumerable<int> cuts)
    {
        var from = 0;
        foreach (var cut in cuts.Order().Append(bytes.Length))
        {
            yield return bytes[from..cut];
            from = cut;
        }
    }
}
