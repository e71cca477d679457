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

    [Fact]
    public async Task GetPage_RoomOfAnotherTenant_IsEmpty()
    {
        await AppendAsync(3);
        Assert.Empty((await _chat.PageAsync(_room, tenant: "umbrella")).Messages);
    }

    private Task<IReadOnlyList<long>> AppendAsync(int messages) => _chat.AppendAsync(Enumerable.Range(0, messages).Select(_ => Lines.Line(_room)));

    private static IEnumerable<long> Sequences(int first, int last) => Enumerable.Range(first, last - first + 1).Select(number => (long)number);
}
