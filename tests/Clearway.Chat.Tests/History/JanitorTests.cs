using Clearway.Chat.History;
using Clearway.Chat.V1;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Clearway.Chat.Tests.History;

[Collection(SharedChat.Name)]
public class JanitorTests(ChatFixture fixture)
{
    private static readonly long Now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
    private static readonly long LongAgo = DateTimeOffset.UtcNow.AddDays(-40).ToUnixTimeMilliseconds();

    [Fact]
    public async Task Sweep_LinesOlderThanTheirPolicy_AreDeletedAndTheOthersStay()
    {
        await using var chat = await ChatHost.StartReadyAsync(
            fixture.Postgres.ConnectionString("retention"),
            ("History:Policy:Retention", "90.00:00:00"),
            ("History:Tenants:strict:Retention", "30.00:00:00"),
            ("History:Tenants:keeper:Retention", ""));
        var rooms = new Dictionary<string, string>();
        foreach (var tenant in (string[])["acme", "strict", "keeper"])
        {
            rooms[tenant] = Lines.NewRoom();
            await chat.AppendAsync(
                Said(tenant, DateTimeOffset.UtcNow.AddDays(-100).ToUnixTimeMilliseconds()), Said(tenant, LongAgo), Said(tenant, Now));
            await ReadAsync(tenant);
        }

        await chat.Services.GetRequiredService<HistoryJanitor>().SweepAsync(CancellationToken.None);

        Assert.Equal([2, 3], await ReadAsync("acme"));
        Assert.Equal([3], await ReadAsync("strict"));
        Assert.Equal([1, 2, 3], await ReadAsync("keeper"));
        Assert.Equal([4], await chat.AppendAsync(Said("strict", Now)));

        ChatMessage Said(string tenant, long at)
        {
            var line = Lines.Line(rooms[tenant], tenant: tenant);
            line.SentAt = at;
            return line;
        }

        async Task<IEnumerable<long>> ReadAsync(string tenant) =>
            (await chat.PageAsync(rooms[tenant], tenant: tenant)).Messages.Select(message => message.Sequence);
    }

    [Fact]
    public async Task Sweep_WhileOthersAppend_NeitherDeadlocksNorTakesNewLines()
    {
        await using var chat = await ChatHost.StartReadyAsync(
            fixture.Postgres.ConnectionString("sweeping"), ("History:Policy:Retention", "30.00:00:00"));
        var rooms = Enumerable.Range(0, 20).Select(_ => Lines.NewRoom()).ToArray();
        var janitor = chat.Services.GetRequiredService<HistoryJanitor>();
        var appends = Enumerable.Range(0, 20).Select(round => Task.Run(() => chat.AppendAsync(rooms.Select(room =>
        {
            var line = Lines.Line(room);
            line.SentAt = round % 2 == 0 ? LongAgo : Now;
            return line;
        })))).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!appends.All(append => append.IsCompleted))
            {
                await janitor.SweepAsync(CancellationToken.None);
            }
        })));
        await Task.WhenAll(appends);
        await janitor.SweepAsync(CancellationToken.None);

        foreach (var room in rooms)
        {
            Assert.Equal(10, (await chat.WholeAsync(room)).Count);
        }

        Assert.DoesNotContain(chat.Logged, line => line.Contains("deadlock", StringComparison.OrdinalIgnoreCase));
    }
}
