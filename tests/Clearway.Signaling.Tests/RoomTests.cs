using Clearway.Auth.V1;
using Clearway.Signaling.Tests.Driver;

namespace Clearway.Signaling.Tests;

/// <summary>What participants of one room see of each other, on one node and on two.</summary>
public class RoomTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Room_OfThree_IntroducesRelaysChatsAndParts(int nodes)
    {
        await using var gateway = await Gateway.StartAsync(nodes);
        await using var ada = await gateway.JoinAsync("standup", "Ada", Role.Organizer, wishes: "\"max_peers\":5,\"ttl_minutes\":60");
        await using var grace = await gateway.JoinAsync("standup", "Grace", node: nodes - 1);
        await using var alan = await gateway.JoinAsync("standup", "Alan");

        Assert.Equal(5, (int)alan.Welcome["policy"]!["max_peers"]!);
        Assert.Equal(["p-ada", "p-grace"], alan.Welcome["participants"]!.AsArray().Select(p => (string)p!["id"]!));
        Assert.Equal("1:p-alan", (string)alan.Welcome["ice_servers"]![0]!["username"]!);
        Assert.Equal("p-grace", (string)(await ada.ExpectAsync("peer-joined"))["participant"]!["id"]!);
        Assert.Equal("p-alan", (string)(await ada.ExpectAsync("peer-joined"))["participant"]!["id"]!);
        Assert.Equal("p-alan", (string)(await grace.ExpectAsync("peer-joined"))["participant"]!["id"]!);

        await alan.OfferAsync(grace, "{\"sdp\": 1}");
        Assert.Equal(
            "{\"type\":\"offer\",\"sender_id\":\"p-alan\",\"payload\":{\"sdp\": 1}}"u8.ToArray(), await grace.ExpectBytesAsync("offer"));

        await grace.SayAsync("hi <b>");
        foreach (var who in new[] { ada, grace, alan })
        {
            var line = await who.ExpectAsync("chat_broadcast");
            Assert.Equal(("hi <b>", "hi&#x20;&lt;b&gt;", "Grace"), ((string)line["text"]!, (string)line["html"]!, (string)line["sender_name"]!));
        }

        await grace.SendAsync("""{"type":"media_state","audio":true,"video":false,"screen":true}""");
        Assert.True((bool)(await ada.ExpectAsync("peer-updated"))["participant"]!["screen"]!);

        await grace.SendAsync("""{"type":"leave"}""");
        foreach (var who in new[] { ada, alan })
        {
            var left = await who.ExpectAsync("peer-left");
            Assert.Equal(("p-grace", "left"), ((string)left["id"]!, (string)left["reason"]!));
        }

        await Eventually.TrueAsync(() => gateway.Chat.Stored.Any(message => message.Text == "hi <b>"), "the line is stored");
    }
}
