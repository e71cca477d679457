namespace Clearway.EndToEndTests;

/// <summary>
/// Microphones and cameras that come and go in a call, in a real Chromium with several fake microphones. They cannot be pulled out, so the
/// page is told what a browser tells when one is: the track ends, the device is gone from the list, and `devicechange` fires.
/// </summary>
[Collection(nameof(ClearwayCollection))]
public sealed class DeviceTests(ClearwayFixture clearway) : IDisposable
{
    private const string Pluggable = """
        () => {
          const devices = navigator.mediaDevices;
          const [list, open, gone] = [devices.enumerateDevices.bind(devices), devices.getUserMedia.bind(devices), new Set()];
          devices.enumerateDevices = async () => (await list()).filter(({ deviceId }) => !gone.has(deviceId));
          devices.getUserMedia = async wanted => {
            const exact = [wanted.audio?.deviceId?.exact, wanted.video?.deviceId?.exact].find(id => gone.has(id));
            if (exact !== undefined) throw new DOMException('', 'OverconstrainedError');
            if (wanted.audio && wanted.audio.deviceId === undefined) {
              // Not the system's default, which follows the devices by itself.
              const next = (await list()).find(({ kind, deviceId }) => kind === 'audioinput' && deviceId !== 'default' && !gone.has(deviceId));
              if (next === undefined) throw new DOMException('', 'NotFoundError');
              wanted = { ...wanted, audio: { ...wanted.audio, deviceId: { exact: next.deviceId } } };
            }
            return open(wanted);
          };
          window.plugs = {
            inUse: () => window.clearway.peers[0].pc.getSenders()[0].track?.getSettings().deviceId ?? null,
            microphones: async () => (await devices.enumerateDevices()).filter(({ kind }) => kind === 'audioinput').map(({ deviceId }) => deviceId),
            pull(deviceId) {
              gone.add(deviceId);
              const track = window.clearway.peers[0].pc.getSenders()[0].track;
              if (track.getSettings().deviceId === deviceId) {
                track.stop();
                track.dispatchEvent(new Event('ended'));
              }
              devices.dispatchEvent(new Event('devicechange'));
            },
            plug(deviceId) {
              gone.delete(deviceId);
              devices.dispatchEvent(new Event('devicechange'));
            },
          };
        }
        """;

    public void Dispose() => clearway.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task Microphone_PulledOutAndPutBack_IsReplacedAndReturns_AndTheOthersGoOnHearing()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Loose plug");
        await ada.JoinFromLobbyAsync();
        await grace.Page.AddInitScriptAsync($"({Pluggable})()");
        await grace.JoinAsync(invitation);
        await ada.AssertMediaArrivesFromAllAsync();

        var first = await grace.Page.EvaluateAsync<string>("() => window.plugs.inUse()");
        await grace.Page.EvaluateAsync("id => window.plugs.pull(id)", first);
        await grace.UntilAsync("id => ![null, id].includes(window.plugs.inUse())", first);
        await ada.AssertMediaArrivesFromAllAsync();

        await grace.Page.EvaluateAsync("id => window.plugs.plug(id)", first);
        await grace.UntilAsync("id => window.plugs.inUse() === id", first);
        await ada.AssertMediaArrivesFromAllAsync();
        grace.AssertNoErrors();
    }

    [Fact]
    public async Task Microphone_PulledOutWhileMuted_StaysMuted()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Quiet plug");
        await ada.JoinFromLobbyAsync();
        await grace.Page.AddInitScriptAsync($"({Pluggable})()");
        await grace.JoinAsync(invitation);
        await ada.AssertMediaArrivesFromAllAsync();
        await grace.Page.GetByTestId("control-mic").ClickAsync();

        var first = await grace.Page.EvaluateAsync<string>("() => window.plugs.inUse()");
        await grace.Page.EvaluateAsync("id => window.plugs.pull(id)", first);
        await grace.UntilAsync("id => ![null, id].includes(window.plugs.inUse())", first);

        Assert.False(await grace.Page.EvaluateAsync<bool>("() => window.clearway.peers[0].pc.getSenders()[0].track.enabled"));
    }

    [Fact]
    public async Task LastMicrophone_PulledOut_LeavesTheCallAndItsPicture()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("No plug");
        await ada.JoinFromLobbyAsync();
        await grace.Page.AddInitScriptAsync($"({Pluggable})()");
        await grace.JoinAsync(invitation);
        await ada.AssertMediaArrivesFromAllAsync();

        foreach (var microphone in await grace.Page.EvaluateAsync<string[]>("() => window.plugs.microphones()"))
        {
            await grace.Page.EvaluateAsync("id => window.plugs.pull(id)", microphone);
            await grace.UntilAsync("id => window.plugs.inUse() !== id", microphone);
        }

        await grace.UntilAsync("() => window.plugs.inUse() === null");
        await ada.WatchMediaAsync();
        await ada.UntilAsync("() => window.mediaSeen.picture.count > 20");
    }

    [Fact]
    public async Task Screen_SharedWithSound_IsHeardBesideTheVoice()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("A film");
        await ada.JoinFromLobbyAsync();
        // Headless Chromium captures no system sound: a tone takes its place, and what was asked for is kept.
        await grace.Page.AddInitScriptAsync("""
            (() => {
              const capture = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices);
              navigator.mediaDevices.getDisplayMedia = async wanted => {
                window.asked = wanted;
                const stream = await capture({ ...wanted, audio: false });
                const context = new AudioContext();
                const tone = new OscillatorNode(context);
                const out = context.createMediaStreamDestination();
                tone.connect(out);
                tone.start();
                stream.addTrack(out.stream.getAudioTracks()[0]);
                return stream;
              };
            })()
            """);
        await grace.JoinAsync(invitation);
        await ada.AssertMediaArrivesFromAllAsync();

        await grace.StartSharingScreenAsync();
        await ada.WaitForScreenOfAsync(grace);
        await ada.UntilAsync("""
            async () => {
              for (const report of (await window.clearway.peers[0].pc.getTransceivers()[3].receiver.getStats()).values())
                if (report.type === 'inbound-rtp' && report.totalAudioEnergy > 0.01) return true;
              return false;
            }
            """);
        await ada.UntilAsync("() => document.querySelectorAll('[data-testid=remote-audio]').length === 2");
        Assert.True(await grace.Page.EvaluateAsync<bool>("() => window.asked.audio.restrictOwnAudio && !window.asked.audio.echoCancellation"));

        await grace.StopSharingScreenAsync();
        await ada.UntilAsync("() => document.querySelectorAll('[data-testid=remote-audio]').length === 1");
        await ada.AssertMediaArrivesFromAllAsync();
    }
}
