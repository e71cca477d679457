using Clearway.Testing;

namespace Clearway.EndToEndTests;

/// <summary>Who is at the other end is proven by software: with an honest signaling path, and with one that puts itself in the middle.</summary>
[Collection(nameof(ClearwayCollection))]
public sealed class IdentityTests(ClearwayFixture clearway) : IDisposable
{
    public void Dispose() => clearway.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task Call_HonestSignaling_ShowsWhoVouchesForWhom()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace", ScreenSize.Phone);
        await MeetAsync(ada, grace);

        await ada.AssertMediaArrivesFromAllAsync();
        await grace.AssertMediaArrivesFromAllAsync();

        await ada.AssertIdentityAsync("verified", "this server vouches for Grace");
        await grace.AssertIdentityAsync("verified", "this server vouches for Ada");
        await CaptureAsync(ada, grace, "verified");
        ada.AssertNoErrors();
        grace.AssertNoErrors();
    }

    [Fact]
    public async Task Call_ManInTheMiddle_IsRefusedOnBothSides()
    {
        var already = Audited();
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace", ScreenSize.Phone);
        await using var mallory = await ManInTheMiddle.StartAsync(clearway, takesProofsAway: false);
        await mallory.StandBetweenAsync(ada, grace);
        await MeetAsync(ada, grace);

        await ada.AssertIdentityAsync("refused", "no valid proof");
        await grace.AssertIdentityAsync("refused", "no valid proof");
        Assert.Equal(0, await ada.ConnectedPeersAsync());
        Assert.Equal(0, await grace.ConnectedPeersAsync());
        Assert.Equal(0, await mallory.ConnectedAsync());
        await CaptureAsync(ada, grace, "refused");
        await Eventually.TrueAsync(() => Audited() >= already + 2, "refused proofs are in the audit");
    }

    [Fact]
    public async Task Call_ManInTheMiddleWhoTakesProofsAway_IsRefusedOnBothSides()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace", ScreenSize.Phone);
        await using var mallory = await ManInTheMiddle.StartAsync(clearway, takesProofsAway: true);
        await mallory.StandBetweenAsync(ada, grace);
        await MeetAsync(ada, grace);

        await ada.AssertIdentityAsync("refused", "no valid proof");
        await grace.AssertIdentityAsync("refused", "no valid proof");
        Assert.Equal(0, await mallory.ConnectedAsync());
    }

    /// <summary>The same attack where proofs are not required: it would have worked, and people are warned.</summary>
    [Fact]
    public async Task Call_ManInTheMiddleWhereProofsAreNotRequired_IsShownAsNotVerified()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace", ScreenSize.Phone);
        await using var mallory = await ManInTheMiddle.StartAsync(clearway, takesProofsAway: true);
        await mallory.StandBetweenAsync(ada, grace);
        await ManInTheMiddle.RequireNoProofsAsync(ada);
        await ManInTheMiddle.RequireNoProofsAsync(grace);
        await MeetAsync(ada, grace);

        await ada.AssertIdentityAsync("unverified", "Not verified");
        await grace.AssertIdentityAsync("unverified", "Not verified");
        await ada.AssertPicturesArriveFromAllAsync();
        await grace.AssertPicturesArriveFromAllAsync();
        Assert.Equal(2, await mallory.ConnectedAsync());
        await CaptureAsync(ada, grace, "unverified");
    }

    private int Audited() =>
        LoggedLines.In(clearway.App.Telemetry.Logs).Count(line => line.Text.Contains("refused the proof of", StringComparison.Ordinal));

    /// <summary>Waits until the edge has recorded so many refusals.</summary>
    private static async Task MeetAsync(ParticipantPage ada, ParticipantPage grace)
    {
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Proofs");
        await ada.JoinFromLobbyAsync();
        await grace.JoinAsync(invitation);
        await ada.WaitForPeersAsync(1);
        await grace.WaitForPeersAsync(1);
    }

    /// <summary>Pictures for people to look at, with the list of people beside the tiles on the larger screen.</summary>
    private static async Task CaptureAsync(ParticipantPage desktop, ParticipantPage phone, string state)
    {
        await desktop.OpenPeopleAsync();
        await desktop.CaptureAsync($"identity-{state}-1440");
        await phone.CaptureAsync($"identity-{state}-360");
    }
}
