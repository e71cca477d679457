namespace Clearway.EndToEndTests;

/// <summary>
/// A call goes on when the ground under it does not. How long media was away is written to `artifacts/recovery.txt`; `CLEARWAY_ROUNDS` (1)
/// makes more rounds.
/// </summary>
[Collection(nameof(ClearwayCollection))]
public sealed class RecoveryTests(ClearwayFixture clearway) : IDisposable
{
    private static readonly int _rounds = Rounds.OrElse(1);

    public void Dispose() => clearway.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task Call_WhoseNetworkIsSwitched_HasSoundAndPictureAgain()
    {
        await using var network = new NetworkPath();
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        var (adas, _) = await CallAsync(network, ada, grace);

        var returns = new List<MediaReturn>();
        for (var round = 0; round < _rounds; round++)
        {
            // Ada walks out of the wireless network: her peers and the gateway are gone with it, and nobody says so.
            network.Cut();
            adas.GoDeaf();
            returns.AddRange(await Task.WhenAll(ada.AwaitReturnOfMediaAsync(), grace.AwaitReturnOfMediaAsync()));
            await ada.UntilAsync("() => document.querySelector('[data-testid=call]').dataset.state === 'joined'");
        }

        Tell("network switched", returns);
        await ada.AssertMediaArrivesFromAllAsync();
        await grace.AssertMediaArrivesFromAllAsync();
        ada.AssertNoErrors();
        grace.AssertNoErrors();
    }

    [Fact]
    public async Task Call_WhosePathIsCut_HasSoundAndPictureAgain()
    {
        await using var network = new NetworkPath();
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await CallAsync(network, ada, grace);

        var returns = new List<MediaReturn>();
        for (var round = 0; round < _rounds; round++)
        {
            network.Cut();
            returns.AddRange(await Task.WhenAll(ada.AwaitReturnOfMediaAsync(), grace.AwaitReturnOfMediaAsync()));
        }

        Tell("path cut, gateway reachable", returns);
    }

    [Fact]
    public async Task Call_WhoseGatewayIsKilledWhileItsPathIsCut_HasSoundAndPictureAgain()
    {
        var returns = new List<MediaReturn>();
        for (var round = 0; round < _rounds; round++)
        {
            await using var own = new StartedClearway();
            await using var network = new NetworkPath();
            var fixture = await own.StartAsync();
            await using var ada = await fixture.OpenBrowserAsync("Ada");
            await using var grace = await fixture.OpenBrowserAsync("Grace");
            await CallAsync(network, ada, grace);

            GatewayProcess.Kill(await GatewayProcess.OfAsync(fixture.App, await ada.ParticipantIdAsync()));
            network.Cut();
            returns.AddRange(await Task.WhenAll(ada.AwaitReturnOfMediaAsync(), grace.AwaitReturnOfMediaAsync()));
            await ada.AssertMediaArrivesFromAllAsync();
        }

        Tell("gateway killed, path cut", returns);
    }

    private static async Task<(GatewayTap Ada, GatewayTap Grace)> CallAsync(NetworkPath network, ParticipantPage ada, ParticipantPage grace)
    {
        var taps = (await network.CarryAsync(ada), await network.CarryAsync(grace));
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("On the move");
        await ada.JoinFromLobbyAsync();
        await grace.JoinAsync(invitation);
        await ada.AssertMediaArrivesFromAllAsync();
        await grace.AssertMediaArrivesFromAllAsync();
        await ada.WatchMediaAsync();
        await grace.WatchMediaAsync();
        return taps;
    }

    /// <summary>A way that is lost is noticed here and not by ICE, which needs five seconds and more: then it would not be half of ten.</summary>
    private static void Tell(string what, List<MediaReturn> returns)
    {
        var voice = Rounds.Median(returns.Select(one => one.Voice));
        var picture = Rounds.Median(returns.Select(one => one.Picture));
        Artefacts.Append(
            "recovery.txt",
            $"{what}, {returns.Count} returns, ms until media comes again: sound {voice:F0} (at most {returns.Max(one => one.Voice):F0}), "
            + $"picture {picture:F0} (at most {returns.Max(one => one.Picture):F0})");
        Assert.InRange(voice, 0, 10_000);
        Assert.InRange(picture, 0, 10_000);
    }

    /// <summary>An application of its own: what is killed in it is missed by no other test.</summary>
    private sealed class StartedClearway : IAsyncDisposable
    {
        private readonly ClearwayFixture _fixture = new();

        public async Task<ClearwayFixture> StartAsync()
        {
            await _fixture.InitializeAsync();
            return _fixture;
        }

        public async ValueTask DisposeAsync() => await _fixture.DisposeAsync();
    }
}
