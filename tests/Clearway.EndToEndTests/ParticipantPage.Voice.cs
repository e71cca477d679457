using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Clearway.EndToEndTests;

/// <summary>Being told apart by one's voice.</summary>
public sealed partial class ParticipantPage
{
    /// <summary>From the next page on the microphone hears one tone and nothing else.</summary>
    /// <param name="hertz">The tone.</param>
    public Task SpeakInToneAsync(int hertz) => Page.AddInitScriptAsync(string.Create(CultureInfo.InvariantCulture, $$"""
        const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = async constraints => {
          const stream = await open(constraints);
          for (const microphone of stream.getAudioTracks()) {
            const context = new AudioContext();
            const voice = new MediaStreamAudioDestinationNode(context);
            const tone = new OscillatorNode(context, { frequency: {{hertz}} });
            tone.connect(new GainNode(context, { gain: 0.2 })).connect(voice);
            tone.start();
            stream.removeTrack(microphone);
            stream.addTrack(voice.stream.getAudioTracks()[0]);
          }
          return stream;
        };
        """));

    /// <summary>What the running recording holds, in seconds.</summary>
    public Task<double> RecordedSecondsAsync() => Page.EvaluateAsync<double>("() => window.clearway.recordedSeconds");

    /// <summary>Opens the player from the card.</summary>
    public async Task<IPage> OpenPlayerAsync()
    {
        var player = await _context.RunAndWaitForPageAsync(() => this["recording-play"].ClickAsync());
        await Expect(player.GetByTestId("player-video")).ToBeVisibleAsync();
        return player;
    }

    /// <summary>
    /// Records the own microphone and camera for some seconds, of which the camera is off for a while; answers the sound of the file that was saved.
    /// </summary>
    public async Task<Sound> RecordOwnTrackAsync(int seconds)
    {
        await StartOwnTrackAsync();
        await this["control-camera"].ClickAsync();
        await OwnTrackForAsync(2);
        await this["control-camera"].ClickAsync();
        await OwnTrackForAsync(seconds);
        await ToggleOwnTrackAsync();
        await this["control-more"].ClickAsync();
        await this["own-open"].ClickAsync(new() { Timeout = SlowMs });
        var link = await this["track-download"].GetAttributeAsync("href");
        return await Page.EvaluateAsync<Sound>(
            """
            async link => {
              const file = await (await fetch(link)).arrayBuffer();
              const sound = await new OfflineAudioContext(1, 1, 48000).decodeAudioData(file);
              return { rate: sound.sampleRate, samples: [...sound.getChannelData(0).slice(-sound.sampleRate)] };
            }
            """,
            link);
    }

    /// <summary>Records the own microphone and camera from now on; there is a second of it.</summary>
    public async Task StartOwnTrackAsync()
    {
        await ToggleOwnTrackAsync();
        await Expect(this["own-badge"]).ToBeVisibleAsync();
        await OwnTrackForAsync(1);
    }

    /// <summary>Opens the player of the own track that was saved.</summary>
    public async Task<IPage> OpenOwnTrackAsync()
    {
        var player = await _context.RunAndWaitForPageAsync(() => this["track-play"].ClickAsync());
        await Expect(player.GetByTestId("player-video")).ToBeVisibleAsync();
        return player;
    }

    private Task OwnTrackForAsync(int seconds) => UntilAsync("seconds => (window.clearway.ownTrackSeconds ?? 0) >= seconds", seconds);

    private async Task ToggleOwnTrackAsync()
    {
        await this["control-more"].ClickAsync();
        await this["own-track"].ClickAsync();
    }
}
