using System.Diagnostics;
using Clearway.Chat.V1;
using Clearway.Testing;
using Grpc.Core;
using Xunit;

namespace Clearway.Chat.Tests.Predictive;

[Collection(SharedChat.Name)]
public class CompleteTests(ChatFixture fixture)
{
    private readonly ChatHost _chat = fixture.Host;

    [Theory]
    [InlineData("пр")]
    [InlineData("pr")]
    public async Task Complete_OverGrpc_AnswersThreeWordsByDefault(string prefix)
    {
        var answer = await _chat.PredictiveText.CompleteAsync(new CompleteRequest { Prefix = prefix });
        Assert.Equal("привет", answer.Suggestions[0]);
        Assert.Equal(3, answer.Suggestions.Count);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 10)]
    public async Task Complete_Limit_IsKept(int limit, int expected)
    {
        var answer = await _chat.PredictiveText.CompleteAsync(new CompleteRequest { Prefix = "по", Limit = limit });
        Assert.Equal(expected, answer.Suggestions.Count);
    }

    [Theory]
    [InlineData(201, 3, "prefix_too_long")]
    [InlineData(2, 11, "limit_invalid")]
    [InlineData(2, -1, "limit_invalid")]
    public async Task Complete_MalformedRequest_IsRefused(int length, int limit, string code) =>
        await Lines.AssertRefusedAsync(StatusCode.InvalidArgument, code, async () =>
            await _chat.PredictiveText.CompleteAsync(new CompleteRequest { Prefix = new string('a', length), Limit = limit }));

    [Theory]
    [InlineData("acme", "")]
    [InlineData("", "standup")]
    [InlineData("ACME", "standup")]
    [InlineData("acme", "../x")]
    public async Task Complete_MalformedRoom_IsRefused(string tenant, string room)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await _chat.PredictiveText.CompleteAsync(new CompleteRequest { Prefix = "he", Tenant = tenant, Room = room }));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
    }

    [Fact]
    public async Task CompleteEach_OneLineAfterAnother_IsAnsweredInTurn()
    {
        using var call = _chat.PredictiveText.CompleteEach();
        Assert.True(await AnswerAsync("пр", "привет", 2));
        Assert.True(await AnswerAsync("ghbdtn", "привет", 6));
        Assert.True(await AnswerAsync("thank ", "you", 0));

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));

        async Task<bool> AnswerAsync(string prefix, string word, int replaced)
        {
            await call.RequestStream.WriteAsync(new CompleteRequest { Prefix = prefix });
            return await call.ResponseStream.MoveNext(CancellationToken.None)
                && (call.ResponseStream.Current.Suggestions[0], call.ResponseStream.Current.Replaced) == (word, replaced);
        }
    }

    [Fact]
    public async Task Append_WordSaidTwice_IsSuggestedInItsRoomUntilForgotten()
    {
        var room = Lines.NewRoom();
        await _chat.AppendAsync(Lines.Line(room, "Quuxomatic is late"), Lines.Line(room, "who has the quuxomatic?"));
        await Eventually.TrueAsync(async () => (await SuggestedAsync("quux", room)).SequenceEqual(["quuxomatic"]), "the word is suggested");
        Assert.Empty(await SuggestedAsync("quux", Lines.NewRoom()));

        await _chat.PredictiveText.ForgetWordsAsync(new ForgetWordsRequest { Tenant = "acme", Room = room });
        Assert.Empty(await SuggestedAsync("quux", room));
        Assert.DoesNotContain(_chat.Logged, line => line.Contains("quuxomatic", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("ACME", "", "", "tenant_invalid")]
    [InlineData("acme", "../x", "", "room_invalid")]
    [InlineData("acme", "", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "word_invalid")]
    public async Task ForgetWords_MalformedRequest_IsRefused(string tenant, string room, string word, string code) =>
        await Lines.AssertRefusedAsync(StatusCode.InvalidArgument, code, async () =>
            await _chat.PredictiveText.ForgetWordsAsync(new ForgetWordsRequest { Tenant = tenant, Room = room, Word = word }));

    [Fact]
    public async Task Complete_TypedText_AppearsInNoLogAndNoSpan()
    {
        const string typed = "zebrawalnut";
        var spans = new System.Collections.Concurrent.ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);

        await _chat.PredictiveText.CompleteAsync(new CompleteRequest { Prefix = typed });
        await Assert.ThrowsAsync<RpcException>(async () =>
            await _chat.PredictiveText.CompleteAsync(new CompleteRequest { Prefix = string.Concat(Enumerable.Repeat(typed, 30)) }));

        Assert.Contains(_chat.Logged, line => line.Contains("PredictiveTextService/Complete", StringComparison.Ordinal));
        Assert.DoesNotContain(_chat.Logged, line => line.Contains(typed, StringComparison.OrdinalIgnoreCase));
        var told = spans.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Append(span.DisplayName));
        Assert.NotEmpty(spans);
        Assert.DoesNotContain(told, text => text.Contains(typed, StringComparison.OrdinalIgnoreCase));
    }

    private async Task<IEnumerable<string>> SuggestedAsync(string prefix, string room) =>
        (await _chat.PredictiveText.CompleteAsync(new CompleteRequest { Prefix = prefix, Tenant = "acme", Room = room })).Suggestions;
}
