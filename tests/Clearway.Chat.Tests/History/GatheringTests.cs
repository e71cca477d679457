using Clearway.Chat.History;
using Xunit;

namespace Clearway.Chat.Tests.History;

/// <summary>What is asked together, and what is not asked any more.</summary>
public class GatheringTests
{
    private readonly TaskCompletionSource _asking = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<IReadOnlyList<string>> _asked = [];
    private readonly Gathering<string, string> _gathering;

    public GatheringTests() => _gathering = new Gathering<string, string>(lanes: 1, most: 10, weigh: _ => 1, AnswerAsync);

    [Fact]
    public async Task Ask_GivenUpWhileOthersAreUnderWay_IsNotAskedAnyMore()
    {
        var first = _gathering.AskAsync("first", CancellationToken.None);
        await _asking.Task;
        using var patience = new CancellationTokenSource();
        var givenUp = _gathering.AskAsync("given up", patience.Token);
        var last = _gathering.AskAsync("last", CancellationToken.None);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);

        _mayAnswer.SetResult();

        Assert.Equal(("FIRST", "LAST"), (await first, await last));
        Assert.Equal([["first"], ["last"]], _asked);
    }

    [Fact]
    public async Task Ask_GivenUpWhenItIsUnderWay_HarmsNobody()
    {
        using var patience = new CancellationTokenSource();
        var givenUp = _gathering.AskAsync("given up", patience.Token);
        await _asking.Task;
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
        var last = _gathering.AskAsync("last", CancellationToken.None);

        _mayAnswer.SetResult();

        Assert.Equal("LAST", await last);
    }

    private async Task<IReadOnlyList<string>> AnswerAsync(IReadOnlyList<string> asked)
    {
        _asked.Add(asked);
        _asking.TrySetResult();
        await _mayAnswer.Task;
        return [.. asked.Select(one => one.ToUpperInvariant())];
    }
}
