using static Microsoft.Playwright.Assertions;

namespace Clearway.EndToEndTests;

/// <summary>Who may come in, speak and be seen, as the people of a call meet it in their browsers.</summary>
[Collection(nameof(ClearwayCollection))]
public sealed class ModerationTests(ClearwayFixture clearway) : IDisposable
{
    public void Dispose() => clearway.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task Lobby_GuestsKnock_AreLetInOrRefused()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await using var edsger = await clearway.OpenBrowserAsync("Edsger");
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Interviews", lobby: true);
        await ada.JoinFromLobbyAsync();

        await grace.KnockAsync(invitation);
        await ada.OpenPeopleAsync();
        await ada.AdmitAsync("Grace");
        await grace.WaitForCallAsync();
        await ada.WaitForPeersAsync(1);

        await edsger.KnockAsync(invitation);
        await ada.RefuseAsync("Edsger");
        await edsger.WaitForEndAsync();
        await ada.WaitForPeersAsync(1);
        Array.ForEach([ada, grace, edsger], participant => participant.AssertNoErrors());
    }

    [Fact]
    public async Task Guest_BeforeTheOrganizer_WaitsAndComesInByItself()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Board meeting", waitForModerator: true);

        await grace.KnockAsync(invitation);
        await ada.JoinFromLobbyAsync();

        await grace.WaitForCallAsync();
        await ada.WaitForPeersAsync(1);
        await grace.AssertMediaArrivesFromAllAsync();
    }

    [Fact]
    public async Task MutedParticipant_WhoseClientGoesOnSending_IsNeitherHeardNorSeen()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await using var edsger = await clearway.OpenBrowserAsync("Edsger");
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Hearing");
        await ada.JoinFromLobbyAsync();
        await grace.JoinAsync(invitation);
        await edsger.JoinAsync(invitation);
        await edsger.WaitForPeersAsync(2);
        await edsger.AssertMediaArrivesFromAllAsync();
        await edsger.AssertHearsAsync("Grace");

        await ada.OpenPeopleAsync();
        await ada.OrderAsync("Grace", "mute-lock");
        await grace.AssertMicrophoneLockedAsync();
        await edsger.AssertDoesNotHearAsync("Grace");

        // A client that does not obey: the microphone is opened behind the page's back, and sound arrives at the others again.
        await grace.SendSoundAnywayAsync();
        await grace.AssertSendsSoundAsync();
        await edsger.AssertDoesNotHearAsync("Grace");
        await ada.AssertDoesNotHearAsync("Grace");

        await ada.OrderAsync("Grace", "camera-off");
        await grace.AssertCameraTakenAwayAsync();
        await edsger.AssertDoesNotSeeAsync("Grace");
        await grace.SendPictureAnywayAsync();
        await edsger.AssertPicturesArriveFromAllAsync();
        await edsger.AssertDoesNotSeeAsync("Grace");

        await ada.OrderAsync("Grace", "allow");
        await edsger.AssertHearsAsync("Grace");
    }

    [Fact]
    public async Task RemovedParticipant_CannotComeBackByTheSameSession()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Short temper");
        await ada.JoinFromLobbyAsync();
        await grace.JoinAsync(invitation);
        await ada.WaitForPeersAsync(1);

        await ada.OpenPeopleAsync();
        await ada.OrderAsync("Grace", "kick");

        await grace.WaitForEndAsync();
        await ada.WaitForPeersAsync(0);
    }

    [Fact]
    public async Task Room_PausedLockedAndOnStage_ShowsItToEveryone()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Lecture");
        await ada.JoinFromLobbyAsync();
        await grace.JoinAsync(invitation);
        await ada.WaitForPeersAsync(1);

        await grace.Page.GetByTestId("control-hand").ClickAsync();
        await Expect(ada.Page.GetByTestId("tile-hand")).ToBeVisibleAsync();
        // It is gone a moment later: whoever begins to look after the click may come too late.
        var seen = Task.WhenAll(
            Expect(ada.Page.GetByTestId("gestures-in-words")).ToHaveTextAsync("Grace: 👏"),
            Expect(ada.Page.GetByTestId("tile-gesture")).ToHaveTextAsync("👏"));
        await grace.Page.GetByTestId("control-gesture").ClickAsync();
        await grace.Page.GetByTestId("gesture").And(grace.Page.GetByText("👏")).Locator("visible=true").ClickAsync();
        await seen;

        // The same elements, which go on playing: a new one would be dark until its next picture.
        var pictures = await ada.Page.EvaluateHandleAsync("() => [...document.querySelectorAll('[data-testid=tile-video]')]");
        await ada.OpenPeopleAsync();
        await ada.OrderAsync("Grace", "focus");
        await Expect(ada.Page.GetByTestId("person-actions")).ToBeFocusedAsync();
        await Expect(grace.Page.GetByTestId("leading")).ToBeVisibleAsync();
        await Expect(ada.Page.GetByTestId("leading").GetByTestId("tile-video")).ToBeVisibleAsync();
        await ada.LookAtAsync("call-on-stage");
        Assert.True(await pictures.EvaluateAsync<bool>("pictures => pictures.length === 2 && pictures.every(picture => picture.isConnected)"));

        await ada.Page.GetByTestId("pause-room").ClickAsync();
        await Expect(grace.Page.GetByTestId("paused")).ToBeVisibleAsync();
        await ada.Page.GetByTestId("pause-room").ClickAsync();
        await Expect(grace.Page.GetByTestId("paused")).ToBeHiddenAsync();

        await ada.Page.GetByTestId("lock-room").ClickAsync();
        await Expect(grace.Page.GetByTestId("locked")).ToBeVisibleAsync();

        await ada.Page.GetByTestId("end-room").ClickAsync();
        await ada.Page.GetByTestId("end-confirm").ClickAsync();
        await grace.WaitForEndAsync();
        await ada.WaitForEndAsync();
    }

    [Fact]
    public async Task ChatLine_EditedReactedToAndDeleted_IsSoForEveryone()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Proofreading");
        await ada.JoinFromLobbyAsync();
        await grace.JoinAsync(invitation);
        await ada.OpenChatAsync();
        await grace.OpenChatAsync();
        await grace.SayAsync("teh plan");
        await ada.WaitForChatLineAsync("teh plan");

        await grace.EditLineAsync("teh plan", "the plan");
        await ada.WaitForChatLineAsync("the plan");

        await ada.ReactAsync("the plan", "👍");
        await Expect(grace.Page.GetByTestId("chat-reaction")).ToHaveTextAsync("👍 1");

        await ada.DeleteLineAsync("the plan");
        await Expect(grace.Page.GetByTestId("chat-deleted")).ToBeVisibleAsync();
        await Expect(grace.Page.GetByTestId("chat-text")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task ConnectionCheck_BesideARelay_SaysWhatWorks()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await ada.SignInAsync();
        await ada.CreateRoomAsync("Before the call");

        await ada.Page.GetByTestId("check-connection").ClickAsync();

        await Expect(ada.Page.GetByTestId("check-verdict")).ToHaveAttributeAsync("data-verdict", "good", new() { Timeout = 15_000 });
        await Expect(ada.Page.Locator("[data-testid=check-way][data-way=udp]")).ToHaveAttributeAsync("data-state", "works");
        await Expect(ada.Page.Locator("[data-testid=check-way][data-way=tcp]")).ToHaveAttributeAsync("data-state", "works");
    }
}
