using System.Text;
using Clearway.Signaling.Tests.Driver;

namespace Clearway.Signaling.Tests.Framing;

/// <summary>
/// WebSockets over HTTP/2 (RFC 8441), which the platform frames and not the gateway: what clients may count on is the same as over
/// HTTP/1.1.
/// </summary>
public sealed class Http2Tests : IAsyncLifetime
{
    private const string Room = "http2";

    private static readonly (string, string) OverHttp2 = ("Protocols", "Http2");

    private Gateway? _gateway;

    public async Task InitializeAsync() => _gateway = await Gateway.StartAsync(settings: OverHttp2);

    public async Task DisposeAsync() => await _gateway!.DisposeAsync();

    [Fact]
    public async Task Handshake_SelectsTheSubprotocol()
    {
        using var socket = await RawSocket.ConnectOverHttp2Async(_gateway!.Address);

        Assert.Equal("200 clearway.v1", socket.Answer);
    }

    [Fact]
    public async Task Offer_ArrivesByteForByte_AndInOrder()
    {
        using var ada = await JoinAsync("Ada");
        using var grace = await JoinAsync("Grace");
        Assert.Equal("p-ada", (string?)grace.Welcome["participants"]![0]!["id"]);
        await ada.ExpectAsync("peer-joined");
        string[] payloads =
        [
            """{ "sdp":"v=0\r\n" ,"é":[1.0e3, 1000,"\u00e9👋"] }""", "null", $"\"{new string('x', 60_000)}\"", "7",
        ];

        foreach (var payload in payloads)
        {
            await ada.SendAsync($$"""{"type":"offer","target_id":"p-grace","payload":{{payload}}}""");
        }

        foreach (var payload in payloads)
        {
            var frame = await grace.ExpectAsync("offer");
            Assert.Equal($$"""{"type":"offer","sender_id":"p-ada","payload":{{payload}}}""", Encoding.UTF8.GetString(frame.Payload));
        }
    }

    [Fact]
    public async Task Session_ThatResumes_GetsWhatTheConnectionTookWithIt_Once()
    {
        using var ada = await JoinAsync("Ada");
        using var grace = await JoinAsync("Grace");
        await ada.ExpectAsync("peer-joined");
        for (var i = 0; i < 20; i++)
        {
            await ada.SendAsync(Offer("p-grace", i));
        }

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(i, (int)(await grace.ExpectAsync("offer")).Json["payload"]!);
        }

        grace.Reset();
        await ada.ExpectAsync("peer-away");
        await ada.SendAsync(Offer("p-grace", 20));

        using var back = await RawSocket.JoinAsync(_gateway!.Address, Room, "Grace", grace.Resume, received: 3, overHttp2: true);

        Assert.Equal((true, true), ((bool)back.Welcome["resumed"]!, (bool)back.Welcome["complete"]!));
        for (var i = 3; i <= 20; i++)
        {
            Assert.Equal(i, (int)(await back.ExpectAsync("offer")).Json["payload"]!);
        }

        await ada.ExpectAsync("peer-back");
    }

    [Fact]
    public async Task Reader_ThatReadsNothing_IsAwayWithinTenSeconds_AndTheOthersGoOn()
    {
        using var ada = await JoinAsync("Ada");
        using var grace = await JoinAsync("Grace");
        using var slow = await JoinAsync("Slow");
        var away = ada.ExpectAsync("peer-away");
        var big = $$"""{"type":"offer","target_id":"p-slow","payload":"{{new string('x', 60_000)}}"}""";

        // More than the stream's window and the outbox take.
        for (var i = 0; i < 12; i++)
        {
            await ada.SendAsync(big);
        }

        await ada.SendAsync(Offer("p-grace", 1));
        Assert.Equal(1, (int)(await grace.ExpectAsync("offer")).Json["payload"]!);
        Assert.Equal("p-slow", (string?)(await away.WaitAsync(TimeSpan.FromSeconds(10))).Json["id"]);
    }

    [Fact]
    public async Task Message_Of64KiB_Passes_AndOneByteMoreEndsTheConnection()
    {
        using var ada = await JoinAsync("Ada");
        using var grace = await JoinAsync("Grace");

        await ada.WriteAsync(RawSocket.Frame(RawSocket.Text, OfferOf(64 * 1024)));
        Assert.InRange((await grace.ExpectAsync("offer")).Payload.Length, 65_500, 65_600);
        await ada.WriteAsync(RawSocket.Frame(RawSocket.Text, OfferOf((64 * 1024) + 1)));

        Assert.Equal("frame_too_large", (string?)(await ada.ExpectAsync("error")).Json["code"]);
        Assert.Equal(1009, (await ada.ExpectAsync(RawSocket.Close)).Status);
        Assert.Equal("p-ada", (string?)(await grace.ExpectAsync("peer-left")).Json["id"]);
    }

    [Theory]
    [InlineData("80", 1007)]
    [InlineData("C0AF", 1007)]
    [InlineData("EDA080", 1007)]
    [InlineData("F09F91", 1007)]
    public async Task Text_ThatIsNotUtf8_EndsTheConnection(string hex, int status)
    {
        using var me = await JoinAsync("Me");

        await me.WriteAsync(RawSocket.Frame(RawSocket.Text, [.. "{\"type\":\""u8, .. Convert.FromHexString(hex)]));

        Assert.Equal(status, (await me.ExpectAsync(RawSocket.Close)).Status);
    }

    [Fact]
    public async Task Binary_EndsTheConnection()
    {
        using var me = await JoinAsync("Me");

        await me.WriteAsync(RawSocket.Frame(RawSocket.Binary, "{}"u8));

        Assert.Equal("binary_frame", (string?)(await me.ExpectAsync("error")).Json["code"]);
        Assert.Equal(1003, (await me.ExpectAsync(RawSocket.Close)).Status);
    }

    [Fact]
    public async Task Flood_EndsTheConnection()
    {
        using var me = await JoinAsync("Me");
        var flood = Enumerable.Range(0, 400).SelectMany(_ => RawSocket.Frame(RawSocket.Text, "{\"type\":\"x\"}"u8)).ToArray();

        await me.WriteAsync(flood);

        Assert.Equal(4106, (await me.ExpectAsync(RawSocket.Close)).Status);
    }

    [Fact]
    public async Task Ping_InsideAMessage_IsAnsweredWithItsPayload_AndTheMessageIsWhole()
    {
        using var me = await JoinAsync("Me");

        await me.WriteAsync(RawSocket.Frame(RawSocket.Text, "{\"type\":\"chat\","u8, isFinal: false));
        await me.WriteAsync(RawSocket.Frame(RawSocket.Ping, "are you there"u8));
        Assert.Equal("are you there", Encoding.UTF8.GetString((await me.ExpectAsync(RawSocket.Pong)).Payload));
        await me.WriteAsync(RawSocket.Frame(0, "\"text\":\"whole\"}"u8));

        Assert.Equal("whole", (string?)(await me.ExpectAsync("chat_broadcast")).Json["text"]);
    }

    [Fact]
    public async Task Client_ThatAnswersNoPing_IsAway_AndOneThatDoesStays()
    {
        await using var gateway = await Gateway.StartAsync(settings: [OverHttp2, ("Signaling:KeepAliveInterval", "00:00:02")]);
        using var ada = await JoinAsync("Ada", gateway);
        using var quiet = await JoinAsync("Quiet", gateway);
        using var silent = await JoinAsync("Silent", gateway);
        silent.AnswersPings = false;
        var ending = silent.NextAsync();
        var reading = quiet.ExpectAsync("offer");

        Assert.Equal("p-silent", (string?)(await ada.ExpectAsync("peer-away")).Json["id"]);

        // Asked as often as the silent one.
        await ada.SendAsync(Offer("p-quiet", 1));
        await reading;
        while (await ending is not null)
        {
            ending = silent.NextAsync();
        }
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(3000)]
    [InlineData(4999)]
    public async Task Close_OfTheClient_IsAnsweredWithItsCode_AndTheStreamEnds(int code)
    {
        using var me = await JoinAsync("Me");

        await me.WriteAsync(RawSocket.Frame(RawSocket.Close, [(byte)(code >> 8), (byte)code, .. "bye"u8]));

        Assert.Equal(code, (await me.ExpectAsync(RawSocket.Close)).Status);
        Assert.Null(await me.NextAsync());
    }

    private Task<RawSocket> JoinAsync(string name, Gateway? gateway = null) =>
        RawSocket.JoinAsync((gateway ?? _gateway!).Address, Room, name, overHttp2: true);

    private static string Offer(string target, int payload) => $$"""{"type":"offer","target_id":"{{target}}","payload":{{payload}}}""";

    private static byte[] OfferOf(int length)
    {
        const string Head = """{"type":"offer","target_id":"p-grace","payload":" """;
        return Encoding.UTF8.GetBytes(Head + new string('x', length - Head.Length - 2) + "\"}");
    }
}
