using Clearway.Signaling.Cluster;
using Clearway.Signaling.Rooms;
using Clearway.Signaling.Tests.Driver;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using Role = Clearway.Auth.V1.Role;

namespace Clearway.Signaling.Tests;

/// <summary>A node that is asked to end while frames go through it.</summary>
public class DrainTests
{
    private const string Room = "drained";

    [Fact]
    public async Task Node_ThatIsTerminated_MovesItsClientsAndLosesNothing()
    {
        await using var gateway = await Gateway.StartAsync(settings:
        [
            ("Signaling:DrainDelay", "00:00:01"), ("Signaling:DrainWindow", "00:00:01"), ("Signaling:DrainHandover", "00:00:10"),
            ("Signaling:HandoverTimeout", "00:00:10"),
        ]);
        await using var leaving = await gateway.StartProcessAsync();
        await using var ada = await gateway.JoinAsync(Room, "Ada");
        var receivers = new List<Participant>();
        for (var i = 0; i < 4; i++)
        {
            receivers.Add(await Participant.JoinAsync(leaving.Address, Room, $"Guest{i}", Role.Participant, $"p-guest{i}"));
            await ada.ExpectAsync("peer-joined");
        }

        using var enough = new CancellationTokenSource();
        var sending = SendNumbersAsync(ada, receivers, enough.Token);
        await Task.WhenAll(receivers.Select(receiver => receiver.ExpectAsync("offer", frame => (int)frame["payload"]! == 10)));

        await leaving.TerminateAsync();
        using var http = new HttpClient();
        await Eventually.TrueAsync(
            async () => !(await http.GetAsync(new Uri(leaving.Address, "/health/ready"))).IsSuccessStatusCode, "the leaving node is not ready");

        Assert.DoesNotContain(receivers, receiver => receiver.IsClosed);
        var moved = await Task.WhenAll(receivers.Select(receiver => MoveAsync(gateway, receiver)));
        await enough.CancelAsync();
        var last = await sending;

        foreach (var (first, resumed) in moved)
        {
            var numbers = new List<int>(first);
            while (numbers.Count < last - 10)
            {
                numbers.Add((int)(await resumed.ExpectAsync("offer"))["payload"]!);
            }

            Assert.Equal(Enumerable.Range(11, last - 10), numbers);
        }

        Assert.DoesNotContain("peer-left", ada.Types);
        Assert.Equal(0, await leaving.ExitAsync(TimeSpan.FromSeconds(15)));
        var room = gateway.Nodes[0].Services.GetRequiredService<RoomDirectory>().Find(new RoomId(Room));
        Assert.All(room!.Knowledge()!.Entries, entry => Assert.Equal(NodeIdOf(gateway), entry.Node));
        foreach (var (_, resumed) in moved)
        {
            await resumed.DisposeAsync();
        }
    }

    [Fact]
    public async Task Node_ThatDrains_StaysInTheRegistryWithoutAnAddress()
    {
        await using var gateway = await Gateway.StartAsync();
        using var redis = await ConnectionMultiplexer.ConnectAsync(gateway.Redis.ConnectionString);
        var key = "clearway:node:" + NodeIdOf(gateway);
        await Eventually.TrueAsync(
            () => (string?)redis.GetDatabase().StringGet(key) == gateway.Address.GetLeftPart(UriPartial.Authority), "it is registered");
        using var http = new HttpClient();
        var probe = new Uri(gateway.Address, "/health/node/" + NodeIdOf(gateway));
        Assert.True((await http.GetAsync(probe)).IsSuccessStatusCode);
        Assert.False((await http.GetAsync(new Uri(gateway.Address, "/health/node/another"))).IsSuccessStatusCode);

        await gateway.Nodes[0].Services.GetRequiredService<NodeRegistry>().WithdrawAsync();

        Assert.Equal("", (string?)redis.GetDatabase().StringGet(key));
    }

    private static string NodeIdOf(Gateway gateway) => gateway.Nodes[0].Services.GetRequiredService<NodeIdentity>().Id;

    private static async Task<int> SendNumbersAsync(Participant from, List<Participant> to, CancellationToken enough)
    {
        var number = 0;
        while (!enough.IsCancellationRequested)
        {
            number++;
            foreach (var receiver in to)
            {
                await from.OfferAsync(receiver, $"{number}");
            }

            // Under the limit of frames a second.
            await Task.Delay(30, CancellationToken.None);
        }

        return number;
    }

    private static async Task<(IEnumerable<int> Numbers, Participant Resumed)> MoveAsync(Gateway gateway, Participant participant)
    {
        var rest = await participant.RestAsync();
        var asked = rest.Single(frame => (string?)frame["type"] == "error");
        Assert.Equal("server_draining", (string?)asked["code"]);
        Assert.InRange((int)asked["retry_after_ms"]!, 1, 500);
        await Task.Delay((int)asked["retry_after_ms"]!);
        var resumed = await gateway.JoinAsync(
            Room, participant.Id, id: participant.Id, resume: participant.Resume);
        Assert.True((bool)resumed.Welcome["resumed"]!);
        await participant.DisposeAsync();
        return (rest.Where(frame => (string?)frame["type"] == "offer").Select(frame => (int)frame["payload"]!), resumed);
    }
}
