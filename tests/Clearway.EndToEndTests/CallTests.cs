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
    public async Task Microphone_Muted_SendsNextToNothingAndIsNotTakenForLost()
    {
        const string Fragment = "() => /a=ice-ufrag:(\\S+)/.exec(window.clearway.peers[0].pc.localDescription.sdp)[1]";
        const string PacketsInTwoSeconds = """
            async () => {
              const sent = async () => [...(await window.clearway.peers[0].pc.getSenders()[0].getStats()).values()]
                .find(({ type }) => type === 'outbound-rtp').packetsSent;
              const before = await sent();
              await new Promise(done => setTimeout(done, 2_000));
              return await sent() - before;
            }
            """;
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Quiet");
        await ada.JoinFromLobbyAsync();
        await grace.JoinAsync(invitation);
        await ada.AssertMediaArrivesFromAllAsync();
        var way = await ada.Page.EvaluateAsync<string>(Fragment);

        Assert.InRange(await grace.Page.EvaluateAsync<int>(PacketsInTwoSeconds), 20, 110);
        await grace.Page.GetByTestId("control-mic").ClickAsync();
        await grace.Page.EvaluateAsync<int>(PacketsInTwoSeconds);

        Assert.InRange(await grace.Page.EvaluateAsync<int>(PacketsInTwoSeconds), 1, 12);
        Assert.Equal(way, await ada.Page.EvaluateAsync<string>(Fragment));
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
