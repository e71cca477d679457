using static Microsoft.Playwright.Assertions;

namespace Clearway.EndToEndTests;

/// <summary>
/// Every state of the client in every look, for people to look at. Asserted is what a program can see: the page fits its screen, and breaks no
/// rule of WCAG 2.2.
/// </summary>
[Collection(nameof(ClearwayCollection))]
public sealed class ScreenshotTests(ClearwayFixture clearway) : IDisposable
{
    public void Dispose() => clearway.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task PagesAroundTheCall_InEveryLook_FitAndAreAccessible()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada Lovelace");
        await using var grace = await clearway.OpenBrowserAsync("Grace Hopper");
        await ada.Page.GotoAsync("/");
        await Expect(ada.Page.GetByTestId("sign-in-submit")).ToBeVisibleAsync();
        await ada.LookAtAsync("home-guest");
        await ada.SignInAsync();
        await ada.LookAtAsync("home-organizer");

        var invitation = await ada.CreateRoomAsync("Quarterly review", lobby: true);
        await Expect(ada.Page.GetByTestId("lobby-video")).ToBeVisibleAsync();
        await ada.LookAtAsync("lobby");
        await ada.Page.GetByTestId("lobby-settings").Locator("summary").ClickAsync();
        await ada.LookAtAsync("lobby-settings");
        await ada.Page.GetByTestId("lobby-qr").ClickAsync();
        await Expect(ada.Page.GetByTestId("qr-code")).ToBeVisibleAsync();
        await ada.LookAtAsync("lobby-qr");
        await ada.Page.GetByTestId("dialog-close").ClickAsync();
        await ada.JoinFromLobbyAsync();
        await Expect(ada.Page.GetByTestId("alone")).ToBeVisibleAsync();
        await ada.LookAtAsync("call-alone");

        await grace.KnockAsync(invitation);
        await grace.LookAtAsync("waiting-room");
        await ada.OpenPeopleAsync();
        await Expect(ada.Page.GetByTestId("knock")).ToBeVisibleAsync();
        await ada.LookAtAsync("people-knock");
        await ada.RefuseAsync("Grace Hopper");
        await grace.WaitForEndAsync();
        await grace.LookAtAsync("ended-refused");

        await grace.Page.GotoAsync("/join#broken");
        await Expect(grace.Page.GetByTestId("invitation-problem")).ToBeVisibleAsync();
        await grace.LookAtAsync("invitation-incomplete");
        await grace.Page.GotoAsync("/recordings/nothing-here");
        await grace.LookAtAsync("recording-broken-link");
    }

    [Fact]
    public async Task Call_InEveryLook_FitsAndIsAccessible()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada Lovelace");
        await using var grace = await clearway.OpenBrowserAsync("Grace Hopper", new ScreenSize(800, 600));
        await using var edsger = await clearway.OpenBrowserAsync("Эдсгер Дейкстра", new ScreenSize(800, 600));
        var page = ada.Page;
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Quarterly review");
        await ada.JoinFromLobbyAsync();
        await grace.JoinAsync(invitation);
        await edsger.JoinWithoutDevicesAsync(invitation);
        await ada.WaitForPeersAsync(2);
        await ada.WaitForConnectedPeersAsync(2);
        await Expect(page.GetByTestId("toast")).ToHaveCountAsync(0, new() { Timeout = 15_000 });
        await ada.LookAtAsync("call");

        await page.GetByTestId("control-more").ClickAsync();
        await ada.LookAtAsync("call-menu");
        await page.GetByTestId("open-settings").ClickAsync();
        await Expect(page.GetByTestId("settings")).ToBeVisibleAsync();
        await ada.LookAtAsync("call-settings");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Shift+Slash");
        await Expect(page.GetByTestId("shortcuts")).ToBeVisibleAsync();
        await ada.LookAtAsync("call-shortcuts");
        await page.Keyboard.PressAsync("Escape");

        await ada.OpenChatAsync();
        await grace.OpenChatAsync();
        await grace.SayAsync("Shall we begin with the figures?");
        await ada.WaitForChatLineAsync("Shall we begin with the figures?");
        await ada.SayAsync("Yes, please.");
        await ada.WaitForChatLineAsync("Yes, please.");
        await page.GetByTestId("chat-actions").First.ClickAsync();
        await ada.LookAtAsync("call-chat");

        await ada.OpenPeopleAsync();
        await page.GetByTestId("person-actions").First.ClickAsync();
        await ada.LookAtAsync("call-people");
        await page.GetByTestId("control-people").ClickAsync();
        await page.GetByTestId("control-more").ClickAsync();
        await page.GetByTestId("open-stats").ClickAsync();
        await Expect(page.GetByTestId("stats-link")).ToHaveCountAsync(2);
        await ada.LookAtAsync("call-stats");
        await page.Keyboard.PressAsync("Escape");

        await page.GetByTestId("control-more").ClickAsync();
        await page.GetByTestId("view-speaker").ClickAsync();
        await page.Locator("[data-testid=tile][data-self=false]").First.GetByTestId("tile-pin").ClickAsync(new() { Force = true });
        await Expect(page.GetByTestId("leading")).ToBeVisibleAsync();
        await ada.LookAtAsync("call-pinned");
        await page.GetByTestId("leading").GetByTestId("tile-pin").ClickAsync();

        // On a phone it would hide what one shares.
        await grace.Page.GetByTestId("control-chat").ClickAsync();
        await grace.StartSharingScreenAsync();
        await ada.WaitForScreenOfAsync(grace);
        await ada.LookAtAsync("call-screen");
        await grace.LookAtAsync("call-sharing");
        await grace.StopSharingScreenAsync();

        await page.GetByTestId("control-record").ClickAsync();
        await Expect(page.GetByTestId("record-dialog")).ToBeVisibleAsync();
        await ada.LookAtAsync("call-record");
        await page.GetByTestId("record-start").ClickAsync();
        await Expect(grace.Page.GetByTestId("consent")).ToBeVisibleAsync();
        await grace.LookAtAsync("call-consent");
        await grace.AgreeToRecordingAsync();
        await ada.RecordForAsync(seconds: 2);
        await ada.LookAtAsync("call-recording");
        await ada.StopRecordingAsync();
        await ada.WaitForRecordingCardAsync();
        await ada.LookAtAsync("call-recorded");

        await ada.OpenPeopleAsync();
        await page.GetByTestId("pause-room").ClickAsync();
        await page.GetByTestId("control-people").ClickAsync();
        await Expect(page.GetByTestId("pause-screen")).ToBeVisibleAsync();
        await ada.LookAtAsync("call-paused");
        await page.GetByTestId("control-leave").ClickAsync();
        await ada.LookAtAsync("call-leave");
        await page.GetByTestId("leave-end").ClickAsync();
        await ada.LookAtAsync("call-end");
        await page.GetByTestId("end-confirm").ClickAsync();
        await ada.WaitForEndAsync();
        await ada.LookAtAsync("ended");

        await page.GotoAsync("/recordings");
        await Expect(page.GetByTestId("record").First).ToBeVisibleAsync();
        await ada.LookAtAsync("recordings");
        await page.GetByTestId("record-links").First.ClickAsync();
        await page.GetByTestId("record-link-make").ClickAsync();
        await Expect(page.GetByTestId("invitation-link")).ToBeVisibleAsync();
        await ada.LookAtAsync("recording-links");
        await page.Keyboard.PressAsync("Escape");
        await page.GetByTestId("record-play").First.ClickAsync();
        await Expect(page.GetByTestId("player-video")).ToBeVisibleAsync();
        await ada.LookAtAsync("player");
    }
}
