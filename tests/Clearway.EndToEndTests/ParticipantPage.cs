using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Clearway.EndToEndTests;

/// <summary>One person with a browser: what they do and what they can observe.</summary>
public sealed partial class ParticipantPage : IAsyncDisposable
{
    private const float SlowMs = 30_000;

    /// <summary>Reads, for every peer connection, the frames decoded of each video and the audio energy received.</summary>
    private const string MediaStatistics = """
        async () => Promise.all(window.clearway.peers.map(async ({ id, pc }) => {
          const peer = { id, frames: 0, packets: 0, energy: 0 };
          for (const report of (await pc.getStats()).values()) {
            if (report.type !== 'inbound-rtp') continue;
            if (report.kind === 'video') peer.frames += report.framesDecoded ?? 0;
            if (report.kind !== 'audio') continue;
            peer.packets += report.packetsReceived ?? 0;
            peer.energy += report.totalAudioEnergy ?? 0;
          }
          return peer;
        }))
        """;

    private readonly ConcurrentQueue<string> _errors = new();
    private readonly IBrowserContext _context;

    internal ParticipantPage(string name, IBrowserContext context, IPage page)
    {
        Name = name;
        _context = context;
        Page = page;
        page.SetDefaultTimeout(SlowMs);
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _errors.Enqueue($"{message.Text} ({message.Location})");
            }
        };
    }

    /// <summary>Name shown to the others.</summary>
    public string Name { get; }

    /// <summary>The tab.</summary>
    public IPage Page { get; }

    private ILocator this[string testId] => Page.GetByTestId(testId);

    /// <summary>Signs in as an organizer.</summary>
    public async Task SignInAsync()
    {
        await Page.GotoAsync("/");
        await this["sign-in-name"].FillAsync(Name);
        await this["sign-in-password"].FillAsync(TestApp.ClearwayApp.OrganizerPassword);
        await this["sign-in-submit"].ClickAsync();
        await Expect(this["room-title"]).ToBeVisibleAsync();
    }

    /// <summary>Creates a room and answers the invitation link.</summary>
    public async Task<string> CreateRoomAsync(string title, bool lobby = false, bool waitForModerator = false)
    {
        await this["room-title"].FillAsync(title);
        await this["room-lobby"].SetCheckedAsync(lobby);
        await this["room-wait"].SetCheckedAsync(waitForModerator);
        await this["room-create"].ClickAsync();
        return await this["invitation-link"].InputValueAsync();
    }

    /// <summary>Enters the call from the lobby that is open.</summary>
    public async Task JoinFromLobbyAsync()
    {
        await this["lobby-name"].FillAsync(Name);
        await this["lobby-join"].ClickAsync();
        await Expect(this["call"]).ToBeVisibleAsync(new() { Timeout = SlowMs });
    }

    /// <summary>Follows an invitation link into the call.</summary>
    public async Task JoinAsync(string invitation)
    {
        await Page.GotoAsync(invitation);
        await JoinFromLobbyAsync();
    }

    /// <summary>Follows an invitation link and joins without camera and microphone.</summary>
    public async Task JoinWithoutDevicesAsync(string invitation)
    {
        await Page.GotoAsync(invitation);
        await this["lobby-name"].FillAsync(Name);
        await this["lobby-without-devices"].ClickAsync();
        await Expect(this["call"]).ToBeVisibleAsync(new() { Timeout = SlowMs });
    }

    /// <summary>Leaves the call, which goes on for the others.</summary>
    public async Task LeaveAsync()
    {
        // The organizer is asked whether to end it.
        var isAsked = await this["control-leave"].GetAttributeAsync("aria-haspopup") is not null;
        await this["control-leave"].ClickAsync();
        if (isAsked)
        {
            await this["leave-self"].ClickAsync();
        }

        await Expect(this["call"]).ToBeHiddenAsync();
    }

    /// <summary>Waits until exactly this many others are shown.</summary>
    public Task WaitForPeersAsync(int count) =>
        Expect(Page.Locator("[data-testid=tile][data-self=false]")).ToHaveCountAsync(count, new() { Timeout = SlowMs });

    /// <summary>From every peer, decoded video frames rise and audio energy arrives.</summary>
    public async Task AssertMediaArrivesFromAllAsync(float patienceMs = SlowMs)
    {
        var before = await UntilAsync(
            all => all.Length > 0 && all.All(peer => peer.Frames > 0 && peer.Energy > 0), "first frames and sound of every peer", patienceMs);
        await UntilAsync(
            all => before.All(earlier => all.Any(now => now.Id == earlier.Id && now.Frames > earlier.Frames + 5 && now.Energy > earlier.Energy)),
            "rising frames and sound of every peer",
            patienceMs);
    }

    /// <summary>Opens the chat if it is closed.</summary>
    public async Task OpenChatAsync()
    {
        if (!await this["chat-input"].IsVisibleAsync())
        {
            await this["control-chat"].ClickAsync();
        }

        await Expect(this["chat-input"]).ToBeVisibleAsync();
    }

    /// <summary>Sends one line.</summary>
    public async Task SayAsync(string text)
    {
        await this["chat-input"].FillAsync(text);
        await this["chat-send"].ClickAsync();
    }

    /// <summary>Types, waits for the ghost text, accepts it with Tab and checks what stands in the line.</summary>
    public async Task CompleteAsync(string beginning, string expected)
    {
        await this["chat-input"].PressSequentiallyAsync(beginning);
        // A proposal comes in time or not at all: where a busy machine was late, the next letter asks again.
        for (var attempts = 0; !await ProposesAsync(expected[^1..]); attempts++)
        {
            Assert.True(attempts < 20, $"{expected} is not proposed.");
            await this["chat-input"].PressAsync("Backspace");
            await this["chat-input"].PressSequentiallyAsync(beginning[^1..]);
        }

        await this["chat-input"].PressAsync("Tab");
        Assert.Equal(expected, (await this["chat-input"].InputValueAsync()).Trim());
    }

    /// <summary>Sends the line as it stands.</summary>
    public Task SendTypedAsync() => this["chat-send"].ClickAsync();

    /// <summary>Waits for a line with exactly this text.</summary>
    public Task WaitForChatLineAsync(string text) =>
        Expect(this["chat-message"].Filter(new() { HasText = text })).ToHaveCountAsync(1, new() { Timeout = SlowMs });

    /// <summary>Shares the (fake) screen.</summary>
    public Task StartSharingScreenAsync() => this["control-share"].ClickAsync();

    /// <summary>Ends the share.</summary>
    public Task StopSharingScreenAsync() => this["control-share"].ClickAsync();

    /// <summary>Waits until the other's screen is on the stage with pictures in it.</summary>
    public async Task WaitForScreenOfAsync(ParticipantPage other)
    {
        var video = this["screen-video"];
        await Expect(video).ToBeVisibleAsync(new() { Timeout = SlowMs });
        await UntilAsync(
            "() => { const v = document.querySelector('[data-testid=screen-video]'); return v && v.videoWidth > 0 && v.getVideoPlaybackQuality().totalVideoFrames > 2; }");
        await Expect(Page.GetByText(other.Name).First).ToBeVisibleAsync();
    }

    /// <summary>Points at the shared screen, to and fro, until these see where.</summary>
    public async Task PointUntilSeenAsync(params ParticipantPage[] watchers)
    {
        var screen = await this["pointers"].BoundingBoxAsync() ?? throw new InvalidOperationException("No screen is shown.");
        var (x, y) = (screen.X + (screen.Width / 2), screen.Y + (screen.Height / 2));
        await Page.Mouse.MoveAsync(x, y);
        await Page.Mouse.DownAsync();
        var seen = Task.WhenAll(watchers.Select(watcher => Expect(watcher["pointer"]).ToBeVisibleAsync(new() { Timeout = SlowMs })));
        for (var step = 0; !seen.IsCompleted; step++)
        {
            await Page.Mouse.MoveAsync(x + (step % 50), y);
        }

        await Page.Mouse.UpAsync();
        await seen;
    }

    /// <summary>Starts a recording and waits until it runs.</summary>
    public async Task StartRecordingAsync()
    {
        await this["control-record"].ClickAsync();
        await this["record-start"].ClickAsync();
        await WaitForRecordingBadgeAsync();
    }

    /// <summary>Agrees to being recorded, when asked.</summary>
    public async Task AgreeToRecordingAsync()
    {
        await this["consent-grant"].ClickAsync(new() { Timeout = SlowMs });
        await WaitForRecordingBadgeAsync();
    }

    /// <summary>Waits until the notice of a running recording is shown.</summary>
    public Task WaitForRecordingBadgeAsync() => Expect(this["recording-badge"]).ToBeVisibleAsync(new() { Timeout = SlowMs });

    /// <summary>Lets the recording run until the client says that it holds so much media.</summary>
    public Task RecordForAsync(int seconds) =>
        UntilAsync(
            "seconds => (window.clearway.recordedSeconds ?? 0) >= seconds",
            seconds);

    /// <summary>Stops the recording.</summary>
    public Task StopRecordingAsync() => this["control-record"].ClickAsync();

    /// <summary>Waits for the card with the recording in the chat.</summary>
    public async Task WaitForRecordingCardAsync()
    {
        await OpenChatAsync();
        await Expect(this["recording-card"]).ToHaveCountAsync(1, new() { Timeout = SlowMs });
    }

    /// <summary>The download link on the card.</summary>
    public async Task<string> RecordingLinkAsync() =>
        await this["recording-download"].GetAttributeAsync("href") ?? throw new InvalidOperationException("The card has no link.");

    /// <summary>Opens the player from the card; the file has a length, plays, and seeks to a point in its middle.</summary>
    public async Task AssertRecordingPlaysAndSeeksAsync() => await AssertPlaysAndSeeksAsync(await OpenPlayerAsync());

    /// <summary>The same in a player that is open; it is closed.</summary>
    public static async Task AssertPlaysAndSeeksAsync(IPage player)
    {
        var seconds = await player.EvaluateAsync<double>("""
            async () => {
              const video = document.querySelector('[data-testid=player-video]');
              const once = name => new Promise((done, failed) => {
                video.addEventListener(name, done, { once: true });
                video.addEventListener('error', () => failed(new Error(video.error?.message ?? 'media error')), { once: true });
              });
              if (video.readyState < 1) await once('loadedmetadata');
              const target = video.duration / 2;
              const sought = once('seeked');
              video.currentTime = target;
              await sought;
              if (Math.abs(video.currentTime - target) > 0.5) throw new Error(`sought ${target}, is at ${video.currentTime}`);
              video.muted = true;
              await video.play();
              while (video.currentTime <= target + 0.2 && !video.ended) await once('timeupdate');
              if (video.videoWidth === 0) throw new Error('no picture');
              return video.duration;
            }
            """);
        await player.CloseAsync();
        Assert.InRange(seconds, 3, 30);
    }

    /// <summary>The browser reported no script error and no refused resource.</summary>
    public void AssertNoErrors() => Assert.Empty(_errors);

    /// <summary>Writes a picture of the page into the artefact folder; the page fits its screen, and whoever is large or among equals is seen whole.</summary>
    public async Task CaptureAsync(string name)
    {
        await Page.ScreenshotAsync(new() { Path = Path.Combine(Artefacts.Screenshots.FullName, name + ".png") });
        var overflow = await Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - window.innerWidth");
        Assert.True(overflow <= 0, $"{name} is {overflow} px wider than its screen.");
        var cut = await Page.EvaluateAsync<int>(
            """
            () => [...document.querySelectorAll('.tiles, .tiles:not(.tiles-strip) .tile, .leading .tile')].filter(part => {
              const [inner, outer] = [part, part.closest('.stage')].map(element => element.getBoundingClientRect());
              return inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1 || inner.left < outer.left - 1 || inner.right > outer.right + 1;
            }).length
            """);
        Assert.True(cut == 0, $"{cut} parts of the stage of {name} are not whole.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private async Task<bool> ProposesAsync(string text)
    {
        try
        {
            await Expect(this["chat-ghost"]).ToContainTextAsync(text, new() { Timeout = 1_000 });
            return true;
        }
        catch (PlaywrightException)
        {
            return false;
        }
    }

    private async Task<PeerMedia[]> UntilAsync(Predicate<PeerMedia[]> condition, string awaited, float patienceMs = SlowMs)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(patienceMs));
        while (true)
        {
            var all = await Page.EvaluateAsync<PeerMedia[]>(MediaStatistics);
            if (condition(all))
            {
                return all;
            }

            if (timeout.IsCancellationRequested)
            {
                throw new TimeoutException(
                    $"{Name} waited for {awaited}; last seen: {string.Join("; ", all.AsEnumerable())}; {await DescribeAsync()}; errors: {string.Join("; ", _errors)}");
            }

            // Whoever asks each link of a large call for everything at every frame keeps it from what it is asked about.
            await Page.EvaluateAsync("() => new Promise(done => setTimeout(done, 1000))");
        }
    }

    private sealed record PeerMedia
    {
        public string Id { get; init; } = "";

        public double Frames { get; init; }

        /// <summary>Of sound, for the message when it is not heard.</summary>
        public double Packets { get; init; }

        public double Energy { get; init; }
    }
}
