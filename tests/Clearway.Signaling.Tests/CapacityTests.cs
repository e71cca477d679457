using System.Collections.Concurrent;
using Clearway.Auth.V1;
using Clearway.Signaling.Tests.Driver;

namespace Clearway.Signaling.Tests;

public sealed class CapacityTests : IAsyncLifetime
{
    private readonly ConcurrentBag<Participant> _guests = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var guest in _guests)
        {
            await guest.DisposeAsync();
        }
    }

    [Fact]
    public async Task Joins_AtOnceOverTwoNodes_FillTheRoomExactly()
    {
        await using var gateway = await Gateway.StartAsync(nodes: 2);
        for (var round = 0; round < 5; round++)
        {
            var room = "race" + round;
            await using var organizer = await gateway.JoinAsync(room, "Organizer", Role.Organizer, wishes: "\"max_peers\":10");

            var joins = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => TryJoinAsync(gateway, room, i)));

            Assert.Equal(9, joins.Count(code => code is null));
            Assert.All(joins.Where(code => code is not null), code => Assert.Equal("room_full", code));
        }
    }

    [Fact]
    public async Task Place_OfSomebodyWhoLeft_IsFreeAtOnce()
    {
        await using var gateway = await Gateway.StartAsync(nodes: 2);
        await using var organizer = await gateway.JoinAsync("small", "Organizer", Role.Organizer, wishes: "\"max_peers\":2");
        await using var first = await gateway.JoinAsync("small", "First", node: 1);
        Assert.Equal("room_full", await TryJoinAsync(gateway, "small", 0));

        await first.SendAsync("""{"type":"leave"}""");
        await organizer.ExpectAsync("peer-left");

        Assert.Null(await TryJoinAsync(gateway, "small", 0));
    }

    private async Task<string?> TryJoinAsync(Gateway gateway, string room, int i)
    {
        var participant = await gateway.ConnectAsync(node: i % 2);
        _guests.Add(participant);
        await participant.SendAsync($$"""{"type":"join","token":"{{AuthDouble.Token(room, $"p-{i}", $"Guest {i}", Role.Participant)}}"}""");
        var answer = await participant.ExpectFirstAsync();
        return (string?)answer["type"] == "welcome" ? null : (string?)answer["code"];
    }
}
