using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Clearway.EndToEndTests;

/// <summary>Pictures of every page for people to look at; what is asserted is that the page fits its screen.</summary>
[Collection(nameof(ClearwayCollection))]
public sealed class ScreenshotTests(ClearwayFixture clearway) : IDisposable
{
    public void Dispose() => clearway.App.ThrowOnLoggedErrors();

    public static TheoryData<string, bool, ColorScheme, string> Looks => new()
    {
        { "desktop-light-en", false, ColorScheme.Light, "en-GB" },
        { "desktop-dark-ru", false, ColorScheme.Dark, "ru-RU" },
        { "phone-light-ru", true, ColorScheme.Light, "ru-RU" },
        { "phone-dark-en", true, ColorScheme.Dark, "en-GB" },
    };

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task EveryPage_OnEachScreen_FitsWithoutScrollingSideways(string look, bool phone, ColorScheme scheme, string locale)
    {
        var size = phone ? ScreenSize.Phone : ScreenSize.Desktop;
        await using var ada = await clearway.OpenBrowserAsync("Ada Lovelace", size, scheme, locale);
        await using var grace = await clearway.OpenBrowserAsync("Grace Hopper");
        await using var edsger = await clearway.OpenBrowserAsync("Edsger Dijkstra");

        await ada.Page.GotoAsync("/");
        await Expect(ada.Page.GetByTestId("sign-in-submit")).ToBeVisibleAsync();
        await ada.CaptureAsync($"{look}-1-welcome");

        await ada.SignInAsync();
        await ada.CaptureAsync($"{look}-2-rooms");
        var invitation = await ada.CreateRoomAsync("Quarterly review");
        await Expect(ada.Page.GetByTestId("lobby-join")).ToBeVisibleAsync();
        await ada.CaptureAsync($"{look}-3-lobby");

        await ada.JoinFromLobbyAsync();
        await grace.JoinAsync(invitation);
        await edsger.JoinAsync(invitation);
        await ada.WaitForPeersAsync(2);
        await ada.AssertMediaArrivesFromAllAsync();
        await ada.CaptureAsync($"{look}-4-call");

        await ada.OpenChatAsync();
        await grace.OpenChatAsync();
        await grace.SayAsync("Shall we begin with the figures?");
        await ada.WaitForChatLineAsync("Shall we begin with the figures?");
        await Expect(ada.Page.GetByTestId("toast")).ToHaveCountAsync(0, new() { Timeout = 15_000 });
        await ada.CaptureAsync($"{look}-5-chat");
    }
}
