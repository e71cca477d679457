using System.Net;
using System.Net.WebSockets;
using System.Text;
using Clearway.Signaling.Tests.Driver;

namespace Clearway.Signaling.Tests;

/// <summary>Each kind of bad input has its code, and the connection goes on or ends as docs/signaling-protocol.md says.</summary>
public class BadInputTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    public static TheoryData<string, string> Kept => new()
    {
        { """{"type":"dance"}""", "unknown_type" },
        { """{"type":"a-type-that-is-longer-than-any-of-ours"}""", "unknown_type" },
        { """{"target_id":"p-x"}""", "bad_message" },
        { """{"type":7}""", "bad_message" },
        { """{"type":"chat","type":"chat","text":"x"}""", "bad_message" },
        { """{"type":"chat","text":5}""", "bad_message" },
        { """{"type":"chat","text":"\ud800"}""", "bad_message" },
        { """{"type":"chat","text":""}""", "chat_empty" },
        { """{"type":"chat","text":" \u0007\u202e "}""", "chat_empty" },
        { """{"type":"offer","payload":{}}""", "bad_message" },
        { """{"type":"offer","target_id":"p-nobody"}""", "bad_message" },
        { """{"type":"offer","target_id":"p-nobody","payload":{}}""", "target_unknown" },
        { """{"type":"candidate","target_id":"p-me","payload":null}""", "target_unknown" },
        { """{"type":"media_state","audio":true,"video":1,"screen":false}""", "bad_message" },
        { """{"type":"quality","target_id":"p-x","rtt_ms":1,"jitter_ms":1,"loss":0,"kbps_in":1,"kbps_out":1,"candidate":"made up","mos":400,"cause":"none"}""", "bad_message" },
        { """{"type":"quality","target_id":"p-x","rtt_ms":1,"jitter_ms":1,"loss":2,"kbps_in":1,"kbps_out":1,"candidate":"host","mos":400,"cause":"none"}""", "bad_message" },
        { """{"type":"control_frame","command":"KICK_EVERYBODY"}""", "bad_message" },
        { """{"type":"control_frame","command":"START_RECORD"}""", "role_forbidden" },
        { """{"type":"chat","system_data":"{}","security":"00"}""", "system_message_forged" },
        { """{"type":"chat","system_data":7,"security":"00"}""", "bad_message" },
    };

    public static TheoryData<string, string, int> Ending => new()
    {
        { "{", "bad_json", 4100 },
        { "", "bad_json", 4100 },
        { "[]", "bad_json", 4100 },
        { "null", "bad_json", 4100 },
        { "{} {}", "bad_json", 4100 },
        { """{"type":"leave",}""", "bad_json", 4100 },
        { """{"type":"join","token":"forged"}""", "join_expected", 4107 },
    };

    [Theory]
    [MemberData(nameof(Kept))]
    public async Task Frame_ThatIsRefused_KeepsTheConnection(string frame, string code)
    {
        await using var me = await shared.Gateway.JoinAsync(NewRoom(), "Me");

        await me.SendAsync(frame);
        Assert.Equal(code, (string?)(await me.ExpectAsync("error"))["code"]);

        await me.SayAsync("still here");
        await me.ExpectAsync("chat_broadcast");
    }

    [Theory]
    [MemberData(nameof(Ending))]
    public async Task Frame_ThatBreaksTheProtocol_EndsTheConnection(string frame, string code, int status)
    {
        await using var me = await shared.Gateway.JoinAsync(NewRoom(), "Me");

        await me.SendAsync(frame);

        Assert.Equal((code, status), await me.ExpectCloseAsync());
    }

    [Theory]
    [InlineData("""{"type":"chat","text":"x"}""", "join_expected", 4107)]
    [InlineData("""{"type":"nonsense"}""", "join_expected", 4107)]
    [InlineData("""nonsense""", "bad_json", 4100)]
    [InlineData("""{"type":"join","token":"token_signature"}""", "token_signature", 4101)]
    [InlineData("""{"type":"join","token":"token_expired"}""", "token_expired", 4101)]
    [InlineData("""{"type":"join","token":"token_revoked"}""", "token_revoked", 4101)]
    public async Task FirstFrame_ThatIsNotAGoodJoin_EndsTheConnection(string frame, string code, int status)
    {
        await using var me = await shared.Gateway.ConnectAsync();

        await me.SendAsync(frame);

        Assert.Equal((code, status), await me.ExpectCloseAsync());
    }

    [Theory]
    [InlineData("""{"type":"join"}""")]
    [InlineData("""{"type":"join","token":""}""")]
    [InlineData("""{"type":"join","token":"t","max_peers":0}""")]
    [InlineData("""{"type":"join","token":"t","max_peers":101}""")]
    [InlineData("""{"type":"join","token":"t","ttl_minutes":301}""")]
    [InlineData("""{"type":"join","token":"t","ttl_minutes":"30"}""")]
    public async Task Join_WithABadMember_MayBeSaidAgain(string frame)
    {
        await using var me = await shared.Gateway.ConnectAsync();
        await me.SendAsync(frame);
        Assert.Equal("bad_message", (string?)(await me.ExpectAsync("error"))["code"]);

        await me.SendAsync($$"""{"type":"join","token":"{{AuthDouble.Token(NewRoom(), "p-me", "Me", Auth.V1.Role.Participant)}}"}""");
        await me.ExpectAsync("welcome");
    }

    [Fact]
    public async Task Frame_ThatIsBinary_EndsTheConnection()
    {
        await using var me = await shared.Gateway.JoinAsync(NewRoom(), "Me");

        await me.SendAsync("{}"u8.ToArray(), WebSocketMessageType.Binary);

        Assert.Equal(("binary_frame", 1003), await me.ExpectCloseAsync());
    }

    [Fact]
    public async Task Frame_ThatIsNotUtf8_EndsTheConnection()
    {
        await using var me = await shared.Gateway.JoinAsync(NewRoom(), "Me");

        await me.SendAsync([.. "{\"type\":\"chat\",\"text\":\""u8, 0xC0, 0xAF, .. "\"}"u8]);

        Assert.Equal(1007, (await me.ExpectCloseAsync()).Status);
    }

    [Fact]
    public async Task Frame_OfExactly64KiB_Passes_AndOneByteMore_EndsTheConnection()
    {
        var room = NewRoom();
        await using var me = await shared.Gateway.JoinAsync(room, "Me");
        await using var peer = await shared.Gateway.JoinAsync(room, "Peer");
        await me.SendAsync(OfferOf(65_536));
        Assert.InRange((await peer.ExpectBytesAsync("offer")).Length, 65_500, 65_600);

        await me.SendAsync(OfferOf(65_537));

        Assert.Equal(("frame_too_large", 1009), await me.ExpectCloseAsync());
    }

    [Fact]
    public async Task Chat_OfAThousandTextElements_Passes_AndOneMore_IsRefused()
    {
        // A family emoji is one text element of eleven UTF-16 units.
        const string Family = "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466";
        await using var me = await shared.Gateway.JoinAsync(NewRoom(), "Me");

        await me.SendAsync($$"""{"type":"chat","text":"{{string.Concat(Enumerable.Repeat(Family, 1_001))}}"}""");
        Assert.Equal("chat_too_long", (string?)(await me.ExpectAsync("error"))["code"]);
        await me.SendAsync($$"""{"type":"chat","text":"{{string.Concat(Enumerable.Repeat(Family, 1_000))}}"}""");

        Assert.Equal(Family.Length * 1_000, ((string)(await me.ExpectAsync("chat_broadcast"))["text"]!).Length);
    }

    [Fact]
    public async Task Chat_TwiceAtOnce_IsLimited()
    {
        await using var me = await shared.Gateway.JoinAsync(NewRoom(), "Me");

        await me.SayAsync("one");
        await me.SayAsync("two");

        var error = await me.ExpectAsync("error");
        Assert.Equal("chat_rate", (string?)error["code"]);
        Assert.InRange((int)error["retry_after_ms"]!, 1, 300);
    }

    [Fact]
    public async Task Frames_Over200InASecond_AreAFlood()
    {
        await using var me = await shared.Gateway.JoinAsync(NewRoom(), "Me");

        var frame = "{\"type\":\"nonsense\"}"u8.ToArray();
        try
        {
            for (var i = 0; i < 2_000; i++)
            {
                await me.SendAsync(frame);
            }
        }
        catch (WebSocketException)
        {
            // Closed before all of it was sent.
        }

        Assert.Equal(("flood", 4106), await me.ExpectCloseAsync());
    }

    [Theory]
    [InlineData("http://evil.example", false)]
    [InlineData("null", false)]
    [InlineData("own", true)]
    public async Task Upgrade_FromAnOrigin_IsAllowedForTheOwnHostAlone(string origin, bool isAllowed)
    {
        var address = shared.Gateway.Address;
        var connecting = Participant.ConnectAsync(address, origin == "own" ? $"http://{address.Authority}" : origin);
        if (isAllowed)
        {
            await (await connecting).DisposeAsync();
            return;
        }

        var exception = await Assert.ThrowsAsync<WebSocketException>(() => connecting);
        Assert.Contains("403", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ThatIsNoUpgrade_IsRefused()
    {
        using var http = new HttpClient();

        using var answer = await http.GetAsync(new Uri(shared.Gateway.Address, "/api/v1/ws"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("\"code\":\"bad_request\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static string NewRoom() => "r" + Guid.NewGuid().ToString("N")[..11];

    private static byte[] OfferOf(int length)
    {
        const string Head = """{"type":"offer","target_id":"p-peer","payload":" """;
        return Encoding.UTF8.GetBytes(Head + new string('x', length - Head.Length - 2) + "\"}");
    }
}
