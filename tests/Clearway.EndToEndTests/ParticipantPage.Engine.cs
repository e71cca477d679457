using System.Text.Json;
using Microsoft.Playwright;

namespace Clearway.EndToEndTests;

/// <summary>What the call engine of one person does, as its peer connections tell.</summary>
public sealed partial class ParticipantPage
{
    /// <summary>Counts what has come from all peers: packets of voices, frames of pictures, and when each last rose.</summary>
    private const string WatchMedia = """
        () => {
          const seen = { voice: { count: -1, at: 0 }, picture: { count: -1, at: 0 } };
          window.mediaSeen = seen;
          const note = (what, count) => { if (count !== what.count) Object.assign(what, { count, at: performance.now() }); };
          const look = async () => {
            let [voice, picture] = [0, 0];
            for (const { pc } of window.clearway.peers) {
              for (const report of (await pc.getStats()).values()) {
                if (report.type !== 'inbound-rtp') continue;
                if (report.kind === 'audio') voice += report.packetsReceived;
                else picture += report.framesDecoded ?? 0;
              }
            }
            note(seen.voice, voice);
            note(seen.picture, picture);
            setTimeout(look, 50);
          };
          look();
        }
        """;

    /// <summary>Milliseconds from now until voice and picture, each by itself, have come to a stop and come again.</summary>
    private const string AwaitReturn = """
        async () => {
          const began = performance.now();
          const returned = async what => {
            // What was on the way arrives first; the way is cut when nothing has come for half a second.
            while (performance.now() - what.at < 500) await new Promise(done => setTimeout(done, 20));
            const last = what.at;
            while (what.at === last) await new Promise(done => setTimeout(done, 20));
            return what.at - began;
          };
          const [voice, picture] = await Promise.all([returned(window.mediaSeen.voice), returned(window.mediaSeen.picture)]);
          return { voice, picture };
        }
        """;

    /// <summary>Milliseconds from the click to the first frame of the other that is presented.</summary>
    private const string FirstPicture = """
        () => {
          let clicked;
          document.addEventListener('click', event => { if (event.target.closest('[data-testid=lobby-join]')) clicked ??= performance.now(); }, true);
          const seen = new WeakSet();
          window.firstPicture = new Promise(done => new MutationObserver(() => {
            for (const video of document.querySelectorAll('[data-testid=tile][data-self=false] video')) {
              if (seen.has(video)) continue;
              seen.add(video);
              video.requestVideoFrameCallback(now => done(now - clicked));
            }
          }).observe(document, { childList: true, subtree: true }));
        }
        """;

    /// <summary>Begins to wait for the click on "join"; before the page of the lobby is opened.</summary>
    public Task WatchFirstPictureAsync() => Page.AddInitScriptAsync($"({FirstPicture})()");

    /// <summary>Milliseconds from the click on "join" to the first picture of the other.</summary>
    public Task<double> FirstPictureAsync() => Page.EvaluateAsync<double>("() => window.firstPicture").WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>The own id in the room.</summary>
    public async Task<string> ParticipantIdAsync() =>
        await Page.Locator("[data-testid=tile][data-self=true]").GetAttributeAsync("data-participant-id")
        ?? throw new InvalidOperationException("There is no tile of one's own.");

    /// <summary>Begins to note when media comes.</summary>
    public Task WatchMediaAsync() => Page.EvaluateAsync(WatchMedia);

    /// <summary>Waits for an interruption of what comes, and for its end; milliseconds from the call.</summary>
    internal async Task<MediaReturn> AwaitReturnOfMediaAsync()
    {
        try
        {
            var returned = await Page.EvaluateAsync<JsonElement>(AwaitReturn).WaitAsync(TimeSpan.FromMilliseconds(SlowMs));
            return new MediaReturn(returned.GetProperty("voice").GetDouble(), returned.GetProperty("picture").GetDouble());
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{Name} waited for media to come again: {await DescribeAsync()}; errors: {string.Join("; ", _errors)}", late);
        }
    }

    /// <summary>Whom the page shows and how it is connected to them, for whoever has to find out why a test failed.</summary>
    public Task<string> DescribeAsync() => Page.EvaluateAsync<string>("""
        () => [
          document.querySelector('[data-testid=call]')?.dataset.state ?? 'no call',
          ...[...document.querySelectorAll('[data-testid=tile]')].map(({ dataset }) => `tile ${dataset.participantId} ${dataset.identity} away ${dataset.away}`),
          ...(window.clearway?.peers ?? []).map(({ id, pc }) => `peer ${id} ${pc.connectionState} ${pc.iceConnectionState} ${pc.signalingState}`),
        ].join(', ')
        """);

    /// <summary>Waits until a condition on the page holds.</summary>
    /// <param name="condition">A function in JavaScript.</param>
    /// <param name="argument">What it is called with.</param>
    /// <param name="patienceMs">How long.</param>
    public async Task UntilAsync(string condition, object? argument = null, float patienceMs = SlowMs)
    {
        try
        {
            // Asked once a frame, as is the default, every page would be drawn sixty times a second for it.
            await Page.WaitForFunctionAsync(condition, argument, new PageWaitForFunctionOptions { Timeout = patienceMs, PollingInterval = 50 });
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{Name} waited for {condition.Trim()}: {await DescribeAsync()}; errors: {string.Join("; ", _errors)}", late);
        }
    }
}

/// <summary>When voice and picture came again, in milliseconds.</summary>
internal readonly record struct MediaReturn(double Voice, double Picture);
