using Clearway.Signaling.Tests.Driver;

namespace Clearway.Signaling.Tests;

public class NewcomerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task ChatLine_SaidJustBeforeSomebodyJoins_ReachesTheNewcomer(int node)
    {
        await using var gateway = await Gateway.StartAsync(nodes: 2);
        await using var alice = await gateway.JoinAsync("standup", "Alice");
        await alice.SayAsync("just now");
        await alice.ExpectAsync("chat_broadcast");

        await using var bob = await gateway.JoinAsync("standup", "Bob", node: node);

        Assert.Equal("just now", (string?)(await bob.ExpectAsync("chat_broadcast"))["text"]);
    }
}
