namespace Clearway.EndToEndTests;

/// <summary>The call that the product exists for, in real browsers against the whole application.</summary>
[Collection(nameof(ClearwayCollection))]
public sealed class CallTests(ClearwayFixture clearway) : IDisposable
{
    public void Dispose() => clearway.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task Call_ThreeParticipants_SeeHearChatShareAndRecord()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await using var edsger = await clearway.OpenBrowserAsync("Эдсгер");

        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Weekly");
        await ada.JoinFromLobbyAsync();
        await grace.JoinAsync(invitation);
        await edsger.JoinAsync(invitation);

        ParticipantPage[] everyone = [ada, grace, edsger];
        foreach (var participant in everyone)
        {
            await participant.WaitForPeersAsync(2);
            await participant.AssertMediaArrivesFromAllAsync();
        }

        await ada.OpenChatAsync();
        await grace.OpenChatAsync();
        await edsger.OpenChatAsync();
        await grace.SayAsync("Good morning <b>all</b>");
        foreach (var participant in everyone)
        {
            await participant.WaitForChatLineAsync("Good morning <b>all</b>");
        }

        await edsger.CompleteAsync("пр", "привет");
        await edsger.SendTypedAsync();
        await ada.WaitForChatLineAsync("привет");

        await grace.StartSharingScreenAsync();
        await ada.WaitForScreenOfAsync(grace);
        await edsger.WaitForScreenOfAsync(grace);
        await ada.PointUntilSeenAsync(grace, edsger);
        await grace.StopSharingScreenAsync();

        await ada.StartRecordingAsync();
        await grace.AgreeToRecordingAsync();
        await edsger.AgreeToRecordingAsync();
        await ada.RecordForAsync(seconds: 4);
        await ada.StopRecordingAsync();

        foreach (var participant in everyone)
        {
            await participant.WaitForRecordingCardAsync();
        }

        var link = await edsger.RecordingLinkAsync();
        await RecordingFile.AssertServesRangesAsync(clearway.App, link);
        await edsger.AssertRecordingPlaysAndSeeksAsync();

        foreach (var participant in everyone)
        {
            participant.AssertNoErrors();
        }
    }

    [Fact]
    public async Task Listener_WithoutDevices_HearsOthersAndIsGoneWhenLeaving()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var listener = await clearway.OpenBrowserAsync("Listener");

        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Listening in");
        await ada.JoinFromLobbyAsync();
        await listener.JoinWithoutDevicesAsync(invitation);

        await listener.WaitForPeersAsync(1);
        await listener.AssertMediaArrivesFromAllAsync();

        await listener.LeaveAsync();
        await ada.WaitForPeersAsync(0);
        listener.AssertNoErrors();
        ada.AssertNoErrors();
    }
}
