using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Clearway.EndToEndTests;

/// <summary>The package for integrators: a page that is its example and nothing else, in one call with people who use the app.</summary>
[Collection(nameof(ClearwayCollection))]
public sealed class ClientPackageTests(ClearwayFixture clearway) : IDisposable
{
    private const string Example = "/sdk/examples/call.html";

    public void Dispose() => clearway.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task ExamplePage_InACallWithTheApp_SeesIsSeenAndChatsBothWays()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await ServeExampleAsync(grace.Page);
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Embedded");
        await ada.JoinFromLobbyAsync();

        var page = grace.Page;
        await page.GotoAsync(Example + new Uri(invitation).Fragment);
        await page.GetByLabel("Name").FillAsync("Grace");
        await page.GetByRole(AriaRole.Button, new() { Name = "Join" }).ClickAsync();

        await ada.WaitForPeersAsync(1);
        await ada.AssertMediaArrivesFromAllAsync();
        await page.WaitForFunctionAsync(
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

    /// <summary>As an integrator's own server does, at the origin that the gateway knows.</summary>
    private static async Task ServeExampleAsync(IPage page)
    {
        foreach (var file in new[] { Example, "/sdk/dist/clearway-client.js" })
        {
            await page.RouteAsync(
                url => new Uri(url).AbsolutePath == file,
                route => route.FulfillAsync(new() { Path = Path.Combine(Artefacts.Repository, "services", "web", file.TrimStart('/')) }));
        }
    }
}
