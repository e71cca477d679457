using System.Globalization;
using static Microsoft.Playwright.Assertions;

namespace Clearway.EndToEndTests;

/// <summary>How soon the client is there and answers, as the browser itself measures it; the figures are written down for people, not asserted.</summary>
[Collection(nameof(ClearwayCollection))]
public sealed class ResponsivenessTests(ClearwayFixture clearway) : IDisposable
{
    private const int Loads = 5;
    private const int Rounds = 6;

    public void Dispose() => clearway.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task Client_LoadedAndUsedInACall_TellsHowLongItTook()
    {
        var paints = new List<double>();
        for (var load = 0; load < Loads; load++)
        {
            // A browser of its own: nothing is in its cache.
            await using var visitor = await clearway.OpenBrowserAsync("Visitor");
            await visitor.Page.GotoAsync("/");
            paints.Add(await visitor.FirstPaintMsAsync());
        }

        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace", new ScreenSize(800, 600));
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Quick");
        await Expect(ada.Page.GetByTestId("lobby-video")).ToBeVisibleAsync();
        var shift = await ada.LayoutShiftAsync();
        await ada.JoinFromLobbyAsync();
        await grace.JoinAsync(invitation);
        await ada.WaitForPeersAsync(1);
        await ada.AssertPicturesArriveFromAllAsync();

        await ada.WatchInteractionsAsync();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var control in (string[])["control-chat", "control-people", "control-people", "control-more", "control-more", "control-mic", "control-hand"])
            {
                await ada.Page.GetByTestId(control).ClickAsync();
            }
        }

        var interactions = await ada.InteractionsMsAsync();
        Assert.Equal(Loads, paints.Count(paint => paint > 0));
        Assert.NotEmpty(interactions);
        // Up to here the Web Vitals call it good; it does not depend on how fast the machine is.
        Assert.InRange(shift, 0, 0.1);
        Artefacts.Write(
            "client-responsiveness.txt",
            Figures("first contentful paint, empty cache, localhost", paints),
            string.Create(CultureInfo.InvariantCulture, $"layout shift from the home page to the lobby: {shift:0.000}"),
            Figures("click to the next frame during a call of two", interactions));
    }

    private static string Figures(string what, IEnumerable<double> milliseconds)
    {
        double[] sorted = [.. milliseconds.Order()];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: median {sorted[sorted.Length / 2]:0} ms, p95 {sorted[(int)((sorted.Length - 1) * 0.95)]:0} ms, most {sorted[^1]:0} ms of {sorted.Length}");
    }
}
