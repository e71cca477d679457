using Clearway.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Clearway.EndToEndTests;

/// <summary>What a meeting leaves behind, as the people who were in it find it again.</summary>
[Collection(nameof(ClearwayCollection))]
public sealed class LibraryTests(ClearwayFixture clearway) : IDisposable
{
    public void Dispose() => clearway.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task Recording_AskedForFoundRenamedSharedWithdrawnAndDeleted()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        var page = ada.Page;
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Consenting adults");
        await ada.JoinFromLobbyAsync();
        await grace.JoinAsync(invitation);
        await ada.WaitForPeersAsync(1);
        await ada.AssertMediaArrivesFromAllAsync();
        await ada.StartRecordingAsync();

        // Who refuses is neither heard nor seen, and is asked again before that changes.
        await grace.Page.GetByTestId("consent-refuse").ClickAsync();
        await Expect(page.Locator("[data-testid=tile][data-self=false]").GetByTestId("tile-muted")).ToBeVisibleAsync();
        await ada.AssertDoesNotSeeAsync("Grace");
        await grace.Page.GetByTestId("control-mic").ClickAsync();
        await grace.AgreeToRecordingAsync();
        await grace.Page.GetByTestId("control-mic").ClickAsync();
        await Expect(page.Locator("[data-testid=tile][data-self=false]").GetByTestId("tile-muted")).ToBeHiddenAsync();
        await ada.RecordForAsync(seconds: 3);
        await ada.StopRecordingAsync();
        await ada.WaitForRecordingCardAsync();
        await ada.LeaveAsync();

        await page.GotoAsync("/recordings");
        await page.GetByTestId("records-search").FillAsync("consenting");
        await Expect(page.GetByTestId("record")).ToHaveCountAsync(1);
        await page.GetByTestId("record-rename").ClickAsync();
        await page.GetByTestId("record-title-input").FillAsync("All agreed");
        await page.GetByTestId("record-title-save").ClickAsync();
        await Expect(page.GetByTestId("record")).ToContainTextAsync("All agreed");

        await page.GetByTestId("record-links").ClickAsync();
        await page.GetByTestId("record-link-make").ClickAsync();
        var link = await page.GetByTestId("record-links-dialog").GetByTestId("invitation-link").InputValueAsync();
        await grace.Page.GotoAsync(link);
        await Expect(grace.Page.GetByRole(AriaRole.Heading, new() { Name = "All agreed" })).ToBeVisibleAsync();
        await grace.UntilAsync(
            """
            async () => {
              const video = document.querySelector('[data-testid=player-video]');
              await video.play();
              return video.currentTime > 0 && video.duration > 1;
            }
            """);

        await page.GetByTestId("record-links-revoke").ClickAsync();
        await Expect(page.GetByTestId("toast").Filter(new() { HasText = "No link to this recording works" })).ToBeVisibleAsync();

        // Several storage processes agree on it within a second.
        await grace.UntilAsync(
            "async link => (await fetch(link.replace('/recordings/', '/api/v1/records/').replace('#', '/file?'), { method: 'HEAD' })).status === 403", link);

        // Who has watched it may have it in the browser still; who comes now gets nothing.
        await using var late = await clearway.OpenBrowserAsync("Late");
        await late.Page.GotoAsync(link);
        await Expect(late.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("withdrawn");
        await page.Keyboard.PressAsync("Escape");

        await page.GetByTestId("record-delete").ClickAsync();
        await page.GetByTestId("record-delete-confirm").ClickAsync();
        await Expect(page.GetByTestId("record")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Chat_WithAFile_IsSeenSavedSearchedAndTakenAway()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Papers");
        await ada.JoinFromLobbyAsync();
        await grace.JoinWithoutDevicesAsync(invitation);
        await ada.OpenChatAsync();
        await grace.OpenChatAsync();
        await grace.SayAsync("The figures for Thursday");
        await ada.WaitForChatLineAsync("The figures for Thursday");

        await grace.Page.GetByTestId("chat-file-input").SetInputFilesAsync(Path.Combine(Repository.Folder, "docs", "images", "call.png"));
        await Expect(ada.Page.GetByTestId("chat-file")).ToContainTextAsync("call.png");
        await ada.UntilAsync("() => document.querySelector('[data-testid=file-picture]')?.naturalWidth > 0");
        var file = await ada.Page.RunAndWaitForDownloadAsync(() => ada.Page.GetByTestId("file-save").ClickAsync());
        Assert.Equal("call.png", file.SuggestedFilename);
        await ada.LookAtAsync("call-files");

        await ada.Page.GetByTestId("chat-search").ClickAsync();
        await ada.Page.GetByTestId("chat-search-text").FillAsync("figure");
        await Expect(ada.Page.GetByTestId("chat-found").GetByTestId("chat-message")).ToHaveCountAsync(1);
        await ada.LookAtAsync("call-search");
        await ada.Page.GetByTestId("chat-search").ClickAsync();

        await ada.Page.GetByTestId("chat-export").ClickAsync();
        var history = await ada.Page.RunAndWaitForDownloadAsync(() => ada.Page.GetByTestId("chat-export-text").ClickAsync());
        Assert.Contains("Grace: The figures for Thursday", await File.ReadAllTextAsync(await history.PathAsync()), StringComparison.Ordinal);

        await grace.Page.GetByTestId("file-delete").ClickAsync();
        await Expect(ada.Page.GetByTestId("chat-file")).ToHaveCountAsync(0);
        await Expect(ada.Page.GetByTestId("chat-deleted")).ToHaveCountAsync(1);
    }
}
