using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Clearway.EndToEndTests;

/// <summary>The client without a mouse, without sight, and without a camera.</summary>
[Collection(nameof(ClearwayCollection))]
public sealed class AccessTests(ClearwayFixture clearway) : IDisposable
{
    public void Dispose() => clearway.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task Meeting_ByKeyboardAlone_IsHeldFromSignInToItsEnd()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        var keyboard = ada.Page.Keyboard;
        await ada.Page.GotoAsync("/");
        await Expect(ada.Page.GetByTestId("sign-in-name")).ToBeVisibleAsync();

        await ada.TabToAsync("sign-in-name");
        await keyboard.TypeAsync("Ada");
        await ada.TabToAsync("sign-in-password");
        await keyboard.TypeAsync(TestApp.ClearwayApp.OrganizerPassword);
        await keyboard.PressAsync("Enter");
        await Expect(ada.Page.GetByTestId("room-title")).ToBeVisibleAsync();
        await ada.TabToAsync("room-title");
        await keyboard.TypeAsync("No mouse");
        await keyboard.PressAsync("Enter");
        await Expect(ada.Page.GetByTestId("lobby-video")).ToBeVisibleAsync();
        await ada.TabToAsync("lobby-mic");
        await keyboard.PressAsync("Space");
        await Expect(ada.Page.GetByTestId("lobby-mic")).ToHaveAttributeAsync("data-on", "false");
        await ada.TabToAsync("lobby-join");
        await keyboard.PressAsync("Enter");
        await ada.WaitForCallAsync();
        await Expect(ada.Page.Locator("#content")).ToBeFocusedAsync();

        await Expect(ada.Page.GetByTestId("tile-muted")).ToBeVisibleAsync();
        await keyboard.DownAsync("Space");
        await Expect(ada.Page.GetByTestId("tile-muted")).ToBeHiddenAsync();
        await keyboard.UpAsync("Space");
        await Expect(ada.Page.GetByTestId("tile-muted")).ToBeVisibleAsync();
        await keyboard.PressAsync("m");
        await Expect(ada.Page.GetByTestId("tile-muted")).ToBeHiddenAsync();

        await keyboard.PressAsync("c");
        await Expect(ada.Page.GetByTestId("chat-input")).ToBeFocusedAsync();
        await keyboard.TypeAsync("mmm, keys only type here");
        await keyboard.PressAsync("Enter");
        await ada.WaitForChatLineAsync("mmm, keys only type here");
        await Expect(ada.Page.GetByTestId("tile-muted")).ToBeHiddenAsync();
        await keyboard.PressAsync("Escape");
        await Expect(ada.Page.GetByTestId("chat-input")).ToBeHiddenAsync();
        await Expect(ada.Page.GetByTestId("control-chat")).ToBeFocusedAsync();

        await ada.TabToAsync("control-more");
        await keyboard.PressAsync("Enter");
        await Expect(ada.Page.GetByTestId("view-auto")).ToBeFocusedAsync();
        await keyboard.PressAsync("End");
        await Expect(ada.Page.GetByTestId("open-settings")).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await Expect(ada.Page.GetByTestId("settings")).ToBeVisibleAsync();
        await ada.TabToAsync("settings-shortcuts");
        await keyboard.PressAsync("Space");
        await keyboard.PressAsync("Escape");
        await Expect(ada.Page.GetByTestId("control-more")).ToBeFocusedAsync();
        await keyboard.PressAsync("m");
        await Expect(ada.Page.GetByTestId("tile-muted")).ToBeHiddenAsync();

        await ada.TabToAsync("control-leave");
        await keyboard.PressAsync("Enter");
        await keyboard.PressAsync("ArrowDown");
        await Expect(ada.Page.GetByTestId("leave-end")).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await Expect(ada.Page.GetByTestId("end-dialog")).ToBeVisibleAsync();
        await ada.TabToAsync("end-confirm");
        await keyboard.PressAsync("Enter");
        await ada.WaitForEndAsync();
        await Expect(ada.Page.Locator("#content")).ToBeFocusedAsync();
        ada.AssertNoErrors();
    }

    [Fact]
    public async Task Panel_ByKeyboard_LosesTheFocusToNothing()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await using var edsger = await clearway.OpenBrowserAsync("Edsger");
        var (page, keyboard) = (ada.Page, ada.Page.Keyboard);
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Focus", lobby: true);
        await ada.JoinFromLobbyAsync();
        await grace.KnockAsync(invitation);
        await edsger.KnockAsync(invitation);

        await ada.OpenPeopleAsync();
        await Expect(page.GetByTestId("knock")).ToHaveCountAsync(2);
        await page.GetByTestId("deny").First.FocusAsync();
        await keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("knock")).ToHaveCountAsync(1);
        await Expect(page.GetByTestId("admit")).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("knock")).ToHaveCountAsync(0);
        await Expect(page.Locator(".panel :focus")).ToHaveCountAsync(1);
        await keyboard.PressAsync("Escape");
        await Expect(page.GetByTestId("control-people")).ToBeFocusedAsync();

        await ada.OpenChatAsync();
        foreach (var line in new[] { "first", "second" })
        {
            await ada.SayAsync(line);
            await ada.WaitForChatLineAsync(line);
        }

        await page.GetByTestId("chat-actions").First.PressAsync("Enter");
        await page.GetByTestId("chat-delete").First.PressAsync("Enter");
        await Expect(page.GetByTestId("chat-deleted")).ToHaveCountAsync(1);
        await Expect(page.GetByTestId("chat-message").Filter(new() { HasText = "second" }).GetByTestId("chat-actions")).ToBeFocusedAsync();

        await page.GetByTestId("control-more").PressAsync("Enter");
        await page.GetByTestId("open-settings").PressAsync("Enter");
        await Expect(page.GetByTestId("settings")).ToBeVisibleAsync();
        await keyboard.PressAsync("Escape");
        await Expect(page.GetByTestId("settings")).ToBeHiddenAsync();
        await Expect(page.GetByTestId("chat-input")).ToBeVisibleAsync();

        await page.SetViewportSizeAsync(ScreenSize.Phone.Width, ScreenSize.Phone.Height);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Chat" })).ToBeFocusedAsync();
        foreach (var beneath in new[] { ".call-header", ".stage", ".controls" })
        {
            await Expect(page.Locator(beneath)).ToHaveJSPropertyAsync("inert", true);
        }

        await keyboard.PressAsync("Escape");
        await Expect(page.Locator(".stage")).ToHaveJSPropertyAsync("inert", false);
        await Expect(page.GetByTestId("control-chat")).ToBeFocusedAsync();
        ada.AssertNoErrors();
    }

    [Fact]
    public async Task Call_ForAScreenReader_NamesWhatIsThereInBothLanguages()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Listening");
        await ada.JoinFromLobbyAsync();
        await grace.JoinWithoutDevicesAsync(invitation);
        await ada.WaitForPeersAsync(1);

        foreach (var (language, names) in new Dictionary<string, string[]>
        {
            ["en"] = ["Microphone", "Camera", "Hand", "Chat", "People", "More", "Leave"],
            ["ru"] = ["Микрофон", "Камера", "Рука", "Чат", "Люди", "Ещё", "Выйти"],
        })
        {
            await ada.SetLanguageAsync(language);
            await Expect(ada.Page.Locator("html")).ToHaveAttributeAsync("lang", language);
            foreach (var name in names)
            {
                await Expect(ada.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true })).ToBeVisibleAsync();
            }
        }

        await ada.SetLanguageAsync("en");
        await Expect(ada.Page.GetByRole(AriaRole.Heading, new() { Name = "Listening", Level = 1 })).ToBeVisibleAsync();
        await Expect(ada.Page.GetByRole(AriaRole.Button, new() { Name = "Microphone", Exact = true, Pressed = true })).ToBeVisibleAsync();
        var person = ada.Page.GetByRole(AriaRole.Article, new() { Name = "Grace", Exact = true });
        await Expect(person.GetByRole(AriaRole.Img, new() { Name = "Microphone off" })).ToBeVisibleAsync();
        await Expect(person.GetByRole(AriaRole.Button, new() { Name = "Show Grace large" })).ToHaveAttributeAsync("aria-pressed", "false");

        await ada.OpenChatAsync();
        await grace.OpenChatAsync();
        await grace.SayAsync("Is anybody there?");
        await Expect(ada.Page.GetByRole(AriaRole.Log, new() { Name = "Messages" })).ToContainTextAsync("Is anybody there?");
        // News from others leave the focus where it is.
        await Expect(ada.Page.GetByTestId("chat-input")).ToBeFocusedAsync();

        await ada.Page.GetByTestId("control-more").ClickAsync();
        await ada.Page.GetByTestId("open-settings").ClickAsync();
        // Outside of a modal dialog nothing is told.
        var told = ada.Page.GetByTestId("settings").GetByRole(AriaRole.Status);
        await Expect(told).ToHaveTextAsync("");
        await grace.LeaveAsync();
        await Expect(told).ToHaveTextAsync("Grace left");
        await Expect(ada.Page.Locator(".toasts")).ToHaveAttributeAsync("aria-hidden", "true");
    }

    [Fact]
    public async Task Lobby_WhereTheBrowserBlocksDevices_SaysSoAndWhatToDo()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Blocked");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await grace.Page.AddInitScriptAsync(
            "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('blocked for this test', 'NotAllowedError'));");

        await grace.Page.GotoAsync(invitation);

        var problem = grace.Page.Locator("[data-testid=device-problem][data-kind=camera]");
        await Expect(problem).ToHaveAttributeAsync("data-problem", "blocked");
        await Expect(problem).ToContainTextAsync("Allow it in the address bar");
        await grace.LookAtAsync("lobby-blocked");
        await grace.JoinFromLobbyAsync();
    }

    [Fact]
    public async Task FullRoom_ForWhoComesNext_SaysSoAndLetsThemTryAgain()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await ada.SignInAsync();
        await ada.Page.GetByTestId("room-max-peers").FillAsync("1");
        var invitation = await ada.CreateRoomAsync("For one");
        await ada.JoinFromLobbyAsync();

        await grace.Page.GotoAsync(invitation);
        await grace.Page.GetByTestId("lobby-name").FillAsync("Grace");
        await grace.Page.GetByTestId("lobby-join").ClickAsync();

        await grace.WaitForEndAsync();
        await Expect(grace.Page.GetByTestId("ended")).ToContainTextAsync("full");
        await Expect(grace.Page.GetByTestId("join-again")).ToBeVisibleAsync();
        await grace.LookAtAsync("ended-full");
    }

    [Fact]
    public async Task Part_WhoseCodeIsGone_SaysSoAndOffersToReloadThePage()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await ada.SignInAsync();
        await ada.CreateRoomAsync("Renewed");
        await ada.Page.RouteAsync("**/assets/ChatPanel-*", route => route.FulfillAsync(new() { Status = 404 }));
        await ada.JoinFromLobbyAsync();

        await ada.Page.GetByTestId("control-chat").ClickAsync();
        var problem = ada.Page.GetByTestId("part-problem");
        await Expect(problem).ToContainTextAsync("newer version");
        await ada.Page.GetByTestId("dialog-close").ClickAsync();
        await Expect(problem).ToBeHiddenAsync();
        await Expect(ada.Page.GetByTestId("control-chat")).ToHaveAttributeAsync("aria-expanded", "false");

        await ada.Page.GetByTestId("control-chat").ClickAsync();
        await ada.LookAtAsync("part-problem");
        await ada.Page.UnrouteAllAsync();
        await ada.Page.GetByTestId("part-reload").ClickAsync();
        await ada.JoinFromLobbyAsync();
        await ada.OpenChatAsync();
    }

    [Fact]
    public async Task Call_OnNarrowScreens_FitsItsControlsAndLeavesHeadingsInSight()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        var page = ada.Page;
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Narrow");
        await ada.JoinFromLobbyAsync();
        foreach (var width in new[] { 320, 360, 720, 721, 744, 766, 781, 820 })
        {
            await page.SetViewportSizeAsync(width, 740);
            Assert.True(
                await page.EvaluateAsync<bool>(
                    """
                    () => [...document.querySelectorAll('.controls > *')].map(part => part.getBoundingClientRect())
                      .every(({ left, right }) => left >= 0 && right <= innerWidth)
                    """),
                $"The controls of an organizer do not fit {width} px.");
        }

        await ada.OpenPeopleAsync();
        await page.SetViewportSizeAsync(ScreenSize.Phone.Width, ScreenSize.Phone.Height);
        await grace.JoinWithoutDevicesAsync(invitation);
        await Expect(page.GetByTestId("toast")).ToHaveTextAsync("Grace joined");
        await ada.CaptureAsync("toast-phone");
        var heading = await page.Locator(".panel-header").BoundingBoxAsync();
        var toast = await page.GetByTestId("toast").BoundingBoxAsync();
        Assert.NotNull(heading);
        Assert.NotNull(toast);
        Assert.True(toast.Y >= heading.Y + heading.Height, $"The toast begins at {toast.Y} px, the heading ends at {heading.Y + heading.Height} px.");
    }

    [Fact]
    public async Task Client_WithoutANetwork_ShowsItsPageAndKeepsNobodysData()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada", withServiceWorker: true);
        await ada.SignInAsync();
        await ada.Page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => undefined)");
        await ada.Page.ReloadAsync();
        await Expect(ada.Page.GetByTestId("room-title")).ToBeVisibleAsync();

        var kept = await ada.Page.EvaluateAsync<string[]>(
            """
            async () => {
              const requests = await Promise.all((await caches.keys()).map(async name => (await caches.open(name)).keys()));
              return requests.flat().map(({ url }) => new URL(url).pathname + new URL(url).search);
            }
            """);
        Assert.Contains("/", kept);
        Assert.All(kept, path => Assert.Matches(@"^/(icon\.svg|assets/[\w.-]+)?$", path));

        await ada.Page.Context.SetOfflineAsync(true);
        await ada.Page.ReloadAsync();
        await Expect(ada.Page.GetByTestId("offline")).ToBeVisibleAsync();
        await Expect(ada.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
    }
}
