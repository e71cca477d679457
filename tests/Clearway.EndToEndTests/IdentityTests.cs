using static Microsoft.Playwright.Assertions;

namespace Clearway.EndToEndTests;

/// <summary>Who is at the other end is proven by software: with an honest signaling path, and with one that puts itself in the middle.</summary>
[Collection(nameof(ClearwayCollection))]
public sealed class IdentityTests(ClearwayFixture clearway) : IDisposable
{
    private const float SlowMs = 30_000;

    public void Dispose() => clearway.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task Call_HonestSignaling_ShowsWhoVouchesForWhom()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await MeetAsync(ada, grace);

        await ada.AssertMediaArrivesFromAllAsync();
        await grace.AssertMediaArrivesFromAllAsync();

        await AssertShownAsync(ada, "verified", "default vouches for Grace");
        await AssertShownAsync(grace, "verified", "default vouches for Ada");
        ada.AssertNoErrors();
        grace.AssertNoErrors();
    }

    [Fact]
    public async Task Call_ManInTheMiddle_IsRefusedOnBothSides()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await using var mallory = await ManInTheMiddle.StartAsync(clearway, takesProofsAway: false);
        await mallory.StandBetweenAsync(grace, ada);
        await MeetAsync(ada, grace);

        await AssertShownAsync(ada, "refused", "no valid proof");
        await AssertShownAsync(grace, "refused", "no valid proof");
        Assert.Equal(0, await ConnectedPeersAsync(ada));
        Assert.Equal(0, await ConnectedPeersAsync(grace));
        Assert.Equal(0, await mallory.ConnectedAsync());
    }

    [Fact]
    public async Task Call_ManInTheMiddleWhoTakesProofsAway_IsRefusedOnBothSides()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await using var mallory = await ManInTheMiddle.StartAsync(clearway, takesProofsAway: true);
        await mallory.StandBetweenAsync(grace, ada);
        await MeetAsync(ada, grace);

        await AssertShownAsync(ada, "refused", "no valid proof");
        await AssertShownAsync(grace, "refused", "no valid proof");
        Assert.Equal(0, await mallory.ConnectedAsync());
    }

    /// <summary>The same attack where proofs are not required: it would have worked, and people are warned.</summary>
    [Fact]
    public async Task Call_ManInTheMiddleWhereProofsAreNotRequired_IsShownAsNotVerified()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await using var mallory = await ManInTheMiddle.StartAsync(clearway, takesProofsAway: true);
        await mallory.StandBetweenAsync(grace, ada);
        await ManInTheMiddle.RequireNoProofsAsync(ada);
        await ManInTheMiddle.RequireNoProofsAsync(grace);
        await MeetAsync(ada, grace);

        await AssertShownAsync(ada, "unverified", "Not verified");
        await AssertShownAsync(grace, "unverified", "Not verified");
        await ada.AssertMediaArrivesFromAllAsync();
        await grace.AssertMediaArrivesFromAllAsync();
        Assert.Equal(2, await mallory.ConnectedAsync());
    }

    private static async Task MeetAsync(ParticipantPage ada, ParticipantPage grace)
    {
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Proofs");
        await ada.JoinFromLobbyAsync();
        await grace.JoinAsync(invitation);
        await ada.WaitForPeersAsync(1);
        await grace.WaitForPeersAsync(1);
    }

    private static async Task AssertShownAsync(ParticipantPage page, string state, string tooltip)
    {
        var tile = page.Page.Locator("[data-testid=tile][data-self=false]");
        await Expect(tile).ToHaveAttributeAsync("data-identity", state, new() { Timeout = SlowMs });
        await Expect(tile.GetByTestId("tile-identity")).ToHaveAttributeAsync("title", new System.Text.RegularExpressions.Regex(tooltip), new() { Timeout = SlowMs });
    }

    private static Task<int> ConnectedPeersAsync(ParticipantPage page) =>
        page.Page.EvaluateAsync<int>("() => window.clearway.peers.filter(({ pc }) => pc.connectionState === 'connected').length");
}
