using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Clearway.EndToEndTests;

/// <summary>What is recorded is heard again: everybody's voice is one tone, by which it is found.</summary>
[Collection(nameof(ClearwayCollection))]
public sealed class VoicesTests(ClearwayFixture clearway) : IDisposable
{
    private const double AudibleDecibels = 20;

    /// <summary>Tones of nobody; what is as loud as they are is noise.</summary>
    private static readonly int[] _nobodys = [700, 1600, 3300];

    public void Dispose() => clearway.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task Recording_OfThree_SoughtAnywhere_HasAllVoicesAndChaptersOfWhoSpoke()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await using var edsger = await clearway.OpenBrowserAsync("Edsger");
        (ParticipantPage Person, int Hertz)[] voices = [(ada, 440), (grace, 1000), (edsger, 2300)];
        foreach (var (person, hertz) in voices)
        {
            await person.SpeakInToneAsync(hertz);
        }

        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Three voices");
        await ada.JoinFromLobbyAsync();
        await grace.JoinAsync(invitation);
        await edsger.JoinAsync(invitation);
        await ada.WaitForPeersAsync(2);
        await ada.AssertMediaArrivesFromAllAsync();
        await ada.StartRecordingAsync();
        await grace.AgreeToRecordingAsync();
        await edsger.AgreeToRecordingAsync();
        var agreed = await ada.RecordedSecondsAsync();
        await ada.RecordForAsync((int)agreed + 8);
        await ada.StopRecordingAsync();
        await ada.WaitForRecordingCardAsync();

        var player = await ada.OpenPlayerAsync();
        var place = agreed + 2 + (Random.Shared.NextDouble() * 3);
        var heard = await ListenAsync(player, place);
        var noise = _nobodys.Max(hertz => heard.LevelOf(hertz));
        Assert.All(voices, voice => Assert.True(
            heard.LevelOf(voice.Hertz) > noise + AudibleDecibels,
            $"{voice.Person.Name} is at {heard.LevelOf(voice.Hertz):N0} dB at {place:N2} s, noise at {noise:N0} dB"));
        foreach (var (person, _) in voices)
        {
            await Expect(player.GetByTestId("chapter").Filter(new() { HasText = person.Name }).First).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task OwnTrack_OfAGuest_HasTheGuestsVoiceAloneAndIsKeptWithTheRecordings()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await ada.SpeakInToneAsync(440);
        await grace.SpeakInToneAsync(1000);
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Own voice");
        await ada.JoinFromLobbyAsync();
        await grace.JoinAsync(invitation);
        await grace.WaitForPeersAsync(1);
        await grace.AssertMediaArrivesFromAllAsync();

        var recorded = await grace.RecordOwnTrackAsync(seconds: 4);

        Assert.True(recorded.LevelOf(1000) > recorded.LevelOf(700) + AudibleDecibels, "Grace is not in her own recording.");
        Assert.True(recorded.LevelOf(440) < recorded.LevelOf(1000) - AudibleDecibels, "Ada is in Grace's own recording.");
        await ParticipantPage.AssertPlaysAndSeeksAsync(await grace.OpenOwnTrackAsync());

        // It is the meeting's, and no announcement in it: who organizes finds it among the recordings.
        await Expect(ada.Page.GetByTestId("recording-card")).ToHaveCountAsync(0);
        await ada.LeaveAsync();
        await ada.Page.GotoAsync("/recordings");
        await ada.Page.GetByTestId("records-search").FillAsync("Own voice - Grace");
        await Expect(ada.Page.GetByTestId("record")).ToHaveCountAsync(1);
        await Expect(ada.Page.GetByTestId("record-track")).ToHaveTextAsync("Own track of Grace");
    }

    [Fact]
    public async Task Leaving_WhileTheOwnTrackIsBeingSaved_EndsVoiceAndPictureAtOnce_AndWaitsOnlyIfOneWishes()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Slow goodbye");
        await ada.JoinFromLobbyAsync();
        await grace.JoinAsync(invitation);
        await ada.WaitForPeersAsync(1);
        await ada.AssertMediaArrivesFromAllAsync();
        var seal = new TaskCompletionSource();
        await grace.Page.RouteAsync("**/api/v1/records/*/seal", async route =>
        {
            await seal.Task;
            await route.ContinueAsync();
        });
        await grace.StartOwnTrackAsync();

        await grace.Page.GetByTestId("control-leave").ClickAsync();
        await Expect(grace.Page.GetByTestId("own-saving")).ToBeVisibleAsync();
        var tile = ada.Page.Locator("[data-testid=tile][data-self=false]");
        await Expect(tile.GetByTestId("tile-muted")).ToBeVisibleAsync();
        await Expect(tile.GetByTestId("tile-video")).ToHaveCountAsync(0);
        await grace.UntilAsync("() => window.clearway.peers.every(({ pc }) => pc.getSenders().every(({ track }) => !track))");

        await grace.Page.GetByTestId("control-leave").ClickAsync();
        await Expect(grace.Page.GetByTestId("ended")).ToBeVisibleAsync();
        await ada.WaitForPeersAsync(0);
        seal.SetResult();
        await Expect(grace.Page.GetByTestId("track-download")).ToBeVisibleAsync();
    }

    /// <summary>Seeks, plays on from there, and answers what is heard.</summary>
    private static Task<Sound> ListenAsync(IPage player, double place) => player.EvaluateAsync<Sound>(
        """
        async place => {
          const video = document.querySelector('[data-testid=player-video]');
          const once = name => new Promise((done, failed) => {
            video.addEventListener(name, done, { once: true });
            video.addEventListener('error', () => failed(new Error(video.error?.message ?? 'media error')), { once: true });
          });
          if (video.readyState < 1) await once('loadedmetadata');
          const context = new AudioContext();
          const ear = new AnalyserNode(context, { fftSize: 16384 });
          new MediaElementAudioSourceNode(context, { mediaElement: video }).connect(ear).connect(context.destination);
          const sought = once('seeked');
          video.currentTime = place;
          await sought;
          await video.play();
          const length = ear.fftSize / context.sampleRate;
          while (video.currentTime < place + 2 * length) {
            if (video.ended) throw new Error('the recording ended');
            await once('timeupdate');
          }
          const samples = new Float32Array(ear.fftSize);
          ear.getFloatTimeDomainData(samples);
          return { rate: context.sampleRate, samples: [...samples] };
        }
        """,
        place);
}
