using Clearway.Chat.Files;
using Clearway.Testing;
using Xunit;

namespace Clearway.Chat.Tests.Files;

/// <summary>Who may upload beside whom, and who waits how long.</summary>
public class UploadTurnsTests
{
    private readonly ManualTime _time = new();
    private readonly UploadTurns _turns;

    public UploadTurnsTests() => _turns = new UploadTurns(_time);

    [Fact]
    public async Task Take_MoreThanTwoOfOneParticipant_WaitWhileOthersGoOn()
    {
        var first = await TakeAsync("acme", "p-ada");
        await TakeAsync("acme", "p-ada");
        var third = TakeAsync("acme", "p-ada");

        await TakeAsync("acme", "p-grace");
        Assert.False(third.IsCompleted);
        first!.Dispose();
        Assert.NotNull(await third);
    }

    [Fact]
    public async Task Take_MoreThanATenantsShare_WaitWhileAnotherTenantGoesOn()
    {
        var held = new List<IDisposable?>();
        for (var participant = 0; participant < UploadTurns.MostOfTenant; participant++)
        {
            held.Add(await TakeAsync("acme", $"p-{participant}"));
        }

        var waiting = TakeAsync("acme", "p-another");
        await TakeAsync("umbrella", "p-ada");
        Assert.False(waiting.IsCompleted);
        held[0]!.Dispose();
        Assert.NotNull(await waiting);
    }

    [Fact]
    public async Task Take_MoreThanAllTurns_WaitInTheOrderOfComing()
    {
        var held = new List<IDisposable?>();
        for (var turn = 0; turn < UploadTurns.Most; turn++)
        {
            held.Add(await TakeAsync($"t-{turn}", "p-ada"));
        }

        var (next, last) = (TakeAsync("acme", "p-ada"), TakeAsync("umbrella", "p-grace"));
        held[0]!.Dispose();
        Assert.NotNull(await next);
        Assert.False(last.IsCompleted);
        held[1]!.Dispose();
        Assert.NotNull(await last);
    }

    [Fact]
    public async Task Take_NoTurnInTime_IsNone()
    {
        var held = await TakeAsync("acme", "p-ada");
        await TakeAsync("acme", "p-ada");
        var waiting = TakeAsync("acme", "p-ada");
        _time.Advance(UploadTurns.Patience);
        Assert.Null(await waiting);

        // Nor does it take a turn later, from somebody who comes then.
        held!.Dispose();
        Assert.NotNull(await TakeAsync("acme", "p-ada"));
    }

    [Fact]
    public async Task Take_GivenUp_TakesNoTurn()
    {
        var held = await TakeAsync("acme", "p-ada");
        await TakeAsync("acme", "p-ada");
        using var cancellation = new CancellationTokenSource();
        var waiting = _turns.TakeAsync("acme", "p-ada", cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        held!.Dispose();
        Assert.NotNull(await TakeAsync("acme", "p-ada"));
    }

    private Task<IDisposable?> TakeAsync(string tenant, string participant) => _turns.TakeAsync(tenant, participant, CancellationToken.None);
}
