using Clearway.Chat.V1;
using Grpc.Core;
using Xunit;

namespace Clearway.Chat.Tests.History;

[Collection(SharedChat.Name)]
public class PageTests(ChatFixture fixture)
{
    private readonly ChatHost _chat = fixture.Host;
    private readonly string _room = Lines.NewRoom();

    [Fact]
    public async Task GetPage_EmptyRoom_HasNoMessagesAndNoPageInFront()
    {
        var page = await _chat.PageAsync(_room);
        Assert.Empty(page.Messages);
        Assert.Equal(0, page.NextBefore);
    }

    [Fact]
    public async Task GetPage_NoLimit_GivesTheNewestFifty()
    {
        await AppendAsync(60);
        var page = await _chat.PageAsync(_room);
        Assert.Equal(Sequences(11, 60), page.Messages.Select(message => message.Sequence));
        Assert.Equal(11, page.NextBefore);
    }

    [Theory]
    [InlineData(0, 10, 16, 25, 16)]
    [InlineData(16, 10, 6, 15, 6)]
    [InlineData(6, 10, 1, 5, 0)]
    [InlineData(6, 5, 1, 5, 0)]
    [InlineData(7, 5, 2, 6, 2)]
    [InlineData(1, 5, 1, 0, 0)]
    [InlineData(long.MaxValue, 200, 1, 25, 0)]
    public async Task GetPage_CursorAndLimit_GivesTheMessagesInFront(long before, int limit, int first, int last, long next)
    {
        await AppendAsync(25);
        var page = await _chat.PageAsync(_room, before, limit);
        Assert.Equal(Sequences(first, last), page.Messages.Select(message => message.Sequence));
        Assert.Equal(next, page.NextBefore);
    }

    [Theory]
    [InlineData(0, 10, 1, 10, 10)]
    [InlineData(9, 10, 10, 19, 19)]
    [InlineData(19, 10, 20, 25, 0)]
    [InlineData(15, 10, 16, 25, 0)]
    [InlineData(25, 10, 1, 0, 0)]
    [InlineData(long.MaxValue, 200, 1, 0, 0)]
    public async Task GetPage_After_GivesTheMessagesBehind(long after, int limit, int first, int last, long next)
    {
        await AppendAsync(25);
        var page = await _chat.PageAfterAsync(_room, after, limit);
        Assert.Equal(Sequences(first, last), page.Messages.Select(message => message.Sequence));
        Assert.Equal(next, page.NextAfter);
        Assert.Equal(page.Messages.Count > 0 && first > 1 ? first : 0, page.NextBefore);
    }

    [Fact]
    public async Task GetPage_BothWays_MeetsEveryMessageOnce()
    {
        await AppendAsync(25);
        var middle = await _chat.PageAsync(_room, before: 13, limit: 5);
        var found = middle.Messages.Select(message => message.Sequence).ToList();
        for (var before = middle.NextBefore; before > 0;)
        {
            var page = await _chat.PageAsync(_room, before, 5);
            found.AddRange(page.Messages.Select(message => message.Sequence));
            before = page.NextBefore;
        }

        for (var after = middle.NextAfter; after > 0;)
        {
            var page = await _chat.PageAfterAsync(_room, after, 5);
            found.AddRange(page.Messages.Select(message => message.Sequence));
            after = page.NextAfter;
        }

        Assert.Equal(Sequences(1, 25), found.Order());
    }

    [Fact]
    public async Task GetPage_BothCursors_IsRefused() => await Lines.AssertRefusedAsync(
        StatusCode.InvalidArgument,
        "cursor_invalid",
        async () => await _chat.History.GetPageAsync(new GetPageRequest { Tenant = "acme", Room = _room, Before = 2, After = 1 }));

    [Fact]
    public async Task GetPage_NewestWhileOneWrites_IsNeverOlderThanWhatWasAcknowledged()
    {
        for (var sequence = 1; sequence <= 60; sequence++)
        {
            await AppendAsync(1);
            var pages = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _chat.PageAsync(_room)));
            Assert.All(pages, page => Assert.Equal(Sequences(Math.Max(1, sequence - 49), sequence), page.Messages.Select(message => message.Sequence)));
        }
    }

    [Fact]
    public async Task GetPage_NewestChangedThroughAnotherReplica_IsTheChangedOne()
    {
        await using var other = await ChatHost.StartReadyAsync(fixture.Postgres.ConnectionString("clearwaydb"));
        var line = Lines.Line(_room, "first");
        await other.AppendAsync(line);
        Assert.Equal("first", Assert.Single((await _chat.PageAsync(_room)).Messages).Text);

        await _chat.History.EditAsync(new EditRequest { Change = Change(line), Text = "second" });
        Assert.Equal("second", Assert.Single((await other.PageAsync(_room)).Messages).Text);
        await other.History.ReactAsync(new ReactRequest { Change = Change(line), Emoji = "👍", On = true });
        Assert.Equal("👍", Assert.Single(Assert.Single((await _chat.PageAsync(_room)).Messages).Reactions).Emoji);
        await other.History.DeleteAsync(new DeleteRequest { Change = Change(line) });
        Assert.Equal("", Assert.Single((await _chat.PageAsync(_room)).Messages).Text);
        await other.AppendAsync(Lines.Line(_room, "third"));
        Assert.Equal(["", "third"], (await _chat.PageAsync(_room)).Messages.Select(message => message.Text));
    }

    [Fact]
    public async Task GetPage_ManyRoomsAtOnce_GivesEachItsOwn()
    {
        var rooms = Enumerable.Range(0, 40).Select(_ => Lines.NewRoom()).ToArray();
        await _chat.AppendAsync(rooms.SelectMany(room => Enumerable.Range(0, 3).Select(_ => Lines.Line(room, room))));
        var asked = Enumerable.Range(0, 200).Select(number => rooms[number % rooms.Length]).ToArray();
        var pages = await Task.WhenAll(asked.Select(room => _chat.PageAsync(room)));
        Assert.All(asked.Zip(pages), pair => Assert.Equal([pair.First, pair.First, pair.First], pair.Second.Messages.Select(m => m.Text)));
    }

    [Fact]
    public async Task GetPage_RoomOfAnotherTenant_IsEmpty()
    {
        await AppendAsync(3);
        Assert.Empty((await _chat.PageAsync(_room, tenant: "umbrella")).Messages);
    }

    private static MessageChange Change(ChatMessage line) => new()
    {
        Tenant = line.Tenant,
        Room = line.Room,
        MessageId = line.Id,
        By = line.SenderId,
        At = line.SentAt + 1000,
    };

    private Task<IReadOnlyList<long>> AppendAsync(int messages) => _chat.AppendAsync(Enumerable.Range(0, messages).Select(_ => Lines.Line(_room)));

    private static IEnumerable<long> Sequences(int first, int last) => Enumerable.Range(first, last - first + 1).Select(number => (long)number);
}
