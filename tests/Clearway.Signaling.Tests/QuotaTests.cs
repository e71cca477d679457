using Clearway.Auth.V1;
using Clearway.Signaling.Tests.Driver;

namespace Clearway.Signaling.Tests;

/// <summary>What a tenant may use, over two nodes.</summary>
public sealed class QuotaTests : IAsyncDisposable
{
    // Ahead of the real clock, by which calls to Auth have their deadlines: starting may take long.
    private readonly ManualTime _time = new(DateTimeOffset.UtcNow + TimeSpan.FromHours(1));
    private readonly List<Participant> _participants = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var participant in _participants)
        {
            await participant.DisposeAsync();
        }
    }

    [Fact]
    public async Task Rooms_OverTheQuota_AreRefusedUntilOneEmpties()
    {
        await using var gateway = await StartAsync(("Signaling:Quotas:Tenants:acme:Rooms", "2"));
        await JoinAsync(gateway, "one", "Ada");
        var grace = await JoinAsync(gateway, "two", "Grace", node: 1);
        await JoinAsync(gateway, "two", "Alan");

        Assert.Equal("the tenant's quota of rooms is used up", await RefusedAsync(gateway, "three", "Barbara"));
        await JoinAsync(gateway, "three", "Edsger", tenant: "other");
        await LeaveAsync(grace);
        Assert.NotNull(await RefusedAsync(gateway, "three", "Barbara"));
        await LeaveAsync(_participants.Single(one => one.Id == "p-alan"));

        await EventuallyInAsync(gateway, "three", "Barbara");
    }

    [Fact]
    public async Task Participants_OverTheQuotaAtOnce_AreExactlyAsManyAsItSays()
    {
        await using var gateway = await StartAsync(("Signaling:Quotas:Default:Participants", "10"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => RefusedAsync(gateway, "room" + (i % 5), "Guest" + i, i % 2)));

        Assert.Equal(10, answers.Count(answer => answer is null));
        Assert.Equal(30, answers.Count(answer => answer == "the tenant's quota of participants is used up"));
    }

    [Fact]
    public async Task Places_OfANodeThatDied_AreFreeWhenTheirLeaseLapsed()
    {
        await using var gateway = await Gateway.StartAsync(settings:
        [
            ("Signaling:Quotas:Default:Participants", "2"), ("Signaling:Quotas:Lease", "00:00:03"), ("Signaling:SyncInterval", "00:00:01"),
        ]);
        await using var node = await gateway.StartProcessAsync();
        foreach (var name in new[] { "Ada", "Grace" })
        {
            var participant = await Participant.ConnectAsync(node.Address);
            _participants.Add(participant);
            await participant.SendAsync(Join("dead", name));
            await participant.ExpectWelcomeAsync();
        }

        // Longer than the lease: a node that lives renews it.
        for (var i = 0; i < 4; i++)
        {
            Assert.NotNull(await RefusedAsync(gateway, "alive", "Alan"));
            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        node.Kill();

        await EventuallyInAsync(gateway, "alive", "Alan");
    }

    [Fact]
    public async Task Minutes_ThatAreUsedUp_KeepNewcomersOutAndNobodyElse()
    {
        await using var gateway = await StartAsync(("Signaling:Quotas:Default:MinutesPerMonth", "10"));
        var ada = await JoinAsync(gateway, "long", "Ada");
        await JoinAsync(gateway, "long", "Grace");
        _time.Advance(TimeSpan.FromMinutes(4));
        await JoinAsync(gateway, "short", "Alan", node: 1);
        _time.Advance(TimeSpan.FromMinutes(2));

        var attempt = 0;
        await Eventually.TrueAsync(
            () => RefusedAsync(gateway, "new", $"Barbara{attempt++}").GetAwaiter().GetResult() == "the tenant's quota of minutes is used up",
            "the minutes are used up");
        await ada.SayAsync("still here");
        await ada.ExpectAsync("chat_broadcast");
        Assert.Null(await RefusedAsync(gateway, "long", "Ada"));
    }

    private Task<Gateway> StartAsync(params (string Key, string Value)[] settings) =>
        Gateway.StartAsync(nodes: 2, time: _time, settings: [("Signaling:NodeTimeout", "00:10:00"), .. settings]);

    private async Task<Participant> JoinAsync(Gateway gateway, string room, string name, int node = 0, string tenant = "acme")
    {
        var participant = await gateway.ConnectAsync(node);
        _participants.Add(participant);
        await participant.SendAsync(Join(room, name, tenant));
        await participant.ExpectWelcomeAsync();
        return participant;
    }

    private static string Join(string room, string name, string tenant = "acme") =>
        $$"""{"type":"join","token":"{{AuthDouble.Token(room, "p-" + name.ToLowerInvariant(), name, Role.Participant, tenant: tenant)}}"}""";

    private static async Task LeaveAsync(Participant participant)
    {
        await participant.SendAsync("""{"type":"leave"}""");
        await participant.ExpectCloseAsync();
    }

    // Leaving is over for the client before the node has freed the place.
    private Task EventuallyInAsync(Gateway gateway, string room, string name) => Eventually.TrueAsync(
        () => RefusedAsync(gateway, room, name).GetAwaiter().GetResult() is null, $"{name} is in");

    /// <summary>Why somebody may not come in; null for who is in.</summary>
    private async Task<string?> RefusedAsync(Gateway gateway, string room, string name, int node = 0)
    {
        var participant = await gateway.ConnectAsync(node);
        lock (_participants)
        {
            _participants.Add(participant);
        }

        await participant.SendAsync(Join(room, name));
        var answer = await participant.ExpectFirstAsync();
        return (string?)answer["type"] == "welcome" ? null : (string?)answer["message"];
    }
}
