using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Clearway.EndToEndTests;

/// <summary>The package for integrators: its example, on a page of another origin, in one call with people who use the app.</summary>
[Collection(nameof(ClearwayCollection))]
public sealed class ClientPackageTests(ClearwayFixture clearway) : IDisposable
{
    public void Dispose() => clearway.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task ExamplePage_InACallWithTheApp_SeesIsSeenAndChatsBothWays()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Embedded");
        await ada.JoinFromLobbyAsync();

        var page = grace.Page;
        await page.GotoAsync(clearway.Integrator.Address.ToString());
        await page.GetByLabel("Invitation").FillAsync(invitation);
        await page.GetByLabel("Name").FillAsync("Grace");
        await page.GetByRole(AriaRole.Button, new() { Name = "Join" }).ClickAsync();

        await ada.WaitForPeersAsync(1);
        await ada.AssertMediaArrivesFromAllAsync();
        await grace.UntilAsync(
            """
            () => {
              const video = document.querySelector('#people video[data-remote]');
              return video !== null && video.videoWidth > 0 && !video.paused && video.getVideoPlaybackQuality().totalVideoFrames > 5;
            }
            """);

        await ada.OpenChatAsync();
        await ada.SayAsync("From the <b>app</b>");
        await Expect(page.GetByRole(AriaRole.Listitem)).ToHaveTextAsync("Ada: From the <b>app</b>");
        await page.GetByLabel("Message").FillAsync("From the example");
        await page.Keyboard.PressAsync("Enter");
        await ada.WaitForChatLineAsync("From the example");

        await page.GetByRole(AriaRole.Button, new() { Name = "Leave" }).ClickAsync();
        await ada.WaitForPeersAsync(0);
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("ended: left");
        grace.AssertNoErrors();
        ada.AssertNoErrors();
    }
}
