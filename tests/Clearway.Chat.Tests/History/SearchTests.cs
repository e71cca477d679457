using Clearway.Chat.History;
using Clearway.Chat.V1;
using Clearway.Testing;
using Grpc.Core;
using Npgsql;
using Xunit;

namespace Clearway.Chat.Tests.History;

[Collection(SharedChat.Name)]
public class SearchTests(ChatFixture fixture)
{
    private static readonly string[] _said =
    [
        "The figures for the third quarter", "Перенесём встречу на четверг", "A draft of the figures", "Четвергом не занимаемся", "quarter past nine",
    ];

    private readonly ChatHost _chat = fixture.Host;
    private readonly string _room = Lines.NewRoom();

    [Theory]
    [InlineData("figure", new[] { 1, 3 })]
    [InlineData("FIGURES quarter", new[] { 1 })]
    [InlineData("figures -draft", new[] { 1 })]
    [InlineData("\"third quarter\"", new[] { 1 })]
    [InlineData("\"quarter third\"", new int[0])]
    [InlineData("draft or past", new[] { 3, 5 })]
    [InlineData("четверга", new[] { 2, 4 })]
    [InlineData("встречи четверг", new[] { 2 })]
    [InlineData("' ; drop table chat.messages --", new int[0])]
    [InlineData("& | ! ( \\ :*", new int[0])]
    public async Task Search_Words_FindsTheLinesThatHaveThemInAnyForm(string text, int[] found)
    {
        await _chat.AppendAsync(_said.Select(line => Lines.Line(_room, line)));
        Assert.Equal(found.Select(sequence => (long)sequence), (await SearchAsync(text)).Messages.Select(message => message.Sequence));
    }

    [Fact]
    public async Task Search_ManyLines_PagesBackwards()
    {
        await _chat.AppendAsync(Enumerable.Range(0, 7).Select(line => Lines.Line(_room, line % 2 == 0 ? "even" : "odd")));
        var newest = await SearchAsync("even", limit: 3);
        Assert.Equal([3, 5, 7], newest.Messages.Select(message => message.Sequence));
        var oldest = await SearchAsync("even", newest.NextBefore, limit: 3);
        Assert.Equal([1], oldest.Messages.Select(message => message.Sequence));
        Assert.Equal(0, oldest.NextBefore);
    }

    [Fact]
    public async Task Search_DeletedAndElsewhere_IsNotFound()
    {
        var line = Lines.Line(_room, "secret plan");
        await _chat.AppendAsync(line, Lines.Line(Lines.NewRoom(), "secret plan"), Lines.Line(_room, "secret plan", tenant: "umbrella"));
        await _chat.History.DeleteAsync(new DeleteRequest
        {
            Change = new MessageChange { Tenant = "acme", Room = _room, MessageId = line.Id, By = line.SenderId, At = line.SentAt },
        });
        Assert.Empty((await SearchAsync("secret")).Messages);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public async Task Search_NoText_IsRefused(string text) =>
        await Lines.AssertRefusedAsync(StatusCode.InvalidArgument, "search_invalid", () => SearchAsync(text));

    [Fact]
    public async Task Search_ManyThatHang_LeaveConnectionsToLinesAndAreRefused()
    {
        // Lines are appended without reading reactions, which searches read.
        await using var locking = new NpgsqlConnection(fixture.Postgres.ConnectionString("clearwaydb"));
        await locking.OpenAsync();
        await using var transaction = await locking.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("LOCK TABLE chat.reactions IN ACCESS EXCLUSIVE MODE", locking, transaction))
        {
            await command.ExecuteNonQueryAsync();
        }

        var searches = Enumerable.Range(0, 40).Select(_ => SearchAsync("figures")).ToList();
        await Eventually.TrueAsync(() => searches.Count(search => search.IsFaulted) == 40 - SearchTurns.Most, "searches without a turn are refused");
        Assert.Equal([1], await _chat.AppendAsync(Lines.Line(_room, "A draft of the figures")));
        var refused = await Assert.ThrowsAsync<RpcException>(() => searches.First(search => search.IsFaulted));
        Assert.Equal((StatusCode.Unavailable, "unavailable"), (refused.StatusCode, refused.Trailers.GetValue("clearway-code")));

        await transaction.RollbackAsync();
        foreach (var search in searches.Where(search => !search.IsFaulted))
        {
            Assert.NotNull(await search);
        }
    }

    private async Task<GetPageResponse> SearchAsync(string text, long before = 0, int limit = 0) =>
        await _chat.History.SearchAsync(new SearchRequest { Tenant = "acme", Room = _room, Text = text, Before = before, Limit = limit });
}
