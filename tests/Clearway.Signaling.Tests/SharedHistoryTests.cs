using Clearway.Signaling.Protocol;
using Clearway.Signaling.Rooms;

namespace Clearway.Signaling.Tests;

/// <summary>Who shares a page of history, and who needs one of their own.</summary>
public class SharedHistoryTests
{
    private readonly ManualTime _time = new();
    private int _reads;

    [Fact]
    public async Task Get_RightAfterAnother_IsTheSamePage()
    {
        var history = new SharedHistory(_time);
        var first = history.Get("acme", ReadAsync);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        var second = history.Get("acme", ReadAsync);

        Assert.Equal(await first.Value, await second.Value);
        Assert.Equal(1, _reads);
        GC.KeepAlive(first);
    }

    [Theory]
    [InlineData("later")]
    [InlineData("said")]
    [InlineData("other tenant")]
    public async Task Get_WhenThePageMayHaveChangedOrIsAnothers_ReadsAgain(string why)
    {
        var history = new SharedHistory(_time);
        var first = history.Get("acme", ReadAsync);
        await first.Value;
        switch (why)
        {
            case "later":
                _time.Advance(TimeSpan.FromSeconds(1));
                break;
            case "said":
                history.Outdate();
                break;
        }

        var second = history.Get(why == "other tenant" ? "globex" : "acme", ReadAsync);
        await second.Value;

        Assert.Equal(2, _reads);
        GC.KeepAlive(first);
    }

    [Fact]
    public async Task Get_AfterThePageCouldNotBeTold_ReadsAgainAMomentLater()
    {
        var history = new SharedHistory(_time);
        var first = history.Get("acme", () => Task.FromResult<ServerFrame?>(null));
        Assert.Null(await first.Value);

        // All who wait for a service that is away ask it once.
        Assert.Null(await history.Get("acme", ReadAsync).Value);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await history.Get("acme", ReadAsync).Value);
        GC.KeepAlive(first);
    }

    private Task<ServerFrame?> ReadAsync()
    {
        _reads++;
        return Task.FromResult<ServerFrame?>(new ServerFrame("{}"u8.ToArray(), IsKept: false));
    }
}
