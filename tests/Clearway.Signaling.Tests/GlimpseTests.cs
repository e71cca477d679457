using Clearway.Signaling.Tests.Driver;

namespace Clearway.Signaling.Tests;

/// <summary>What is shown for a moment and kept nowhere: where somebody points, and gestures.</summary>
public class GlimpseTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    // Of so many at once, what the bucket holds and what runs into it meanwhile.
    [Theory]
    [InlineData("pointer", """{"type":"pointer","x":0.25,"y":1}""", 90, 80)]
    [InlineData("gesture", """{"type":"gesture","emoji":"👏"}""", 30, 20)]
    public async Task Glimpse_IsShownToTheOthersAlone_AndNotMoreOftenThanAllowed(string type, string frame, int sent, int most)
    {
        await using var ada = await shared.Gateway.JoinAsync(type, "Ada");
        await using var grace = await shared.Gateway.JoinAsync(type, "Grace", node: 1);
        await using var alan = await shared.Gateway.JoinAsync(type, "Alan");
        await ada.ExpectAsync("peer-joined", joined => (string)joined["participant"]!["id"]! == "p-grace");

        for (var i = 0; i < sent; i++)
        {
            await ada.SendAsync(frame);
        }

        await ada.SayAsync("end");
        foreach (var who in new[] { ada, grace, alan })
        {
            await who.ExpectAsync("chat_broadcast");
        }

        Assert.DoesNotContain(type, ada.Types);
        Assert.InRange(grace.Types.Count(shown => shown == type), 1, most);
        Assert.InRange(alan.Types.Count(shown => shown == type), 1, most);
    }

    [Fact]
    public async Task Gesture_ThatIsNoEmoji_IsRefused()
    {
        await using var ada = await shared.Gateway.JoinAsync("no-gesture", "Ada");
        await ada.SendAsync("""{"type":"gesture","emoji":"<b>"}""");
        Assert.Equal("bad_message", (string?)(await ada.ExpectAsync("error"))["code"]);
    }
}
