using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Clearway.EndToEndTests;

/// <summary>Moderating a call and being moderated.</summary>
public sealed partial class ParticipantPage
{
    /// <summary>Whether what comes from somebody is handed to the loudspeaker.</summary>
    private const string IsPlayed = """
        ({ id, played }) => [...document.querySelectorAll(`[data-testid=remote-audio][data-participant-id=${id}]`)]
          .some(({ srcObject }) => srcObject.getAudioTracks().some(({ enabled }) => enabled)) === played
        """;

    /// <summary>Follows an invitation link to where one has to wait.</summary>
    public async Task KnockAsync(string invitation)
    {
        await Page.GotoAsync(invitation);
        await this["lobby-name"].FillAsync(Name);
        await this["lobby-join"].ClickAsync();
        await Expect(this["waiting"]).ToBeVisibleAsync(new() { Timeout = SlowMs });
    }

    /// <summary>Waits until the call is shown.</summary>
    public Task WaitForCallAsync() => Expect(this["call"]).ToBeVisibleAsync(new() { Timeout = SlowMs });

    /// <summary>Waits until the call is over for this person.</summary>
    public Task WaitForEndAsync() => Expect(this["ended"]).ToBeVisibleAsync(new() { Timeout = SlowMs });

    /// <summary>Shows who is here.</summary>
    public Task OpenPeopleAsync() => this["control-people"].ClickAsync();

    /// <summary>Lets somebody in who knocks.</summary>
    public Task AdmitAsync(string name) => this["knock"].Filter(new() { HasText = name }).GetByTestId("admit").ClickAsync();

    /// <summary>Refuses somebody who knocks.</summary>
    public Task RefuseAsync(string name) => this["knock"].Filter(new() { HasText = name }).GetByTestId("deny").ClickAsync();

    /// <summary>Gives an order about somebody, from the list of people.</summary>
    public async Task OrderAsync(string name, string order)
    {
        var person = Person(name);
        await person.GetByTestId("person-actions").ClickAsync();
        await person.GetByTestId($"person-{order}").ClickAsync();
    }

    /// <summary>The own microphone is off and cannot be turned on.</summary>
    public async Task AssertMicrophoneLockedAsync()
    {
        await Expect(this["control-mic"]).ToBeDisabledAsync();
        await UntilAsync("() => window.clearway.peers.every(({ pc }) => pc.getSenders()[0].track?.enabled === false)");
    }

    /// <summary>Opens the microphone where the page has closed it, as a client would that does not obey.</summary>
    public Task SendSoundAnywayAsync() =>
        Page.EvaluateAsync("() => { for (const { pc } of window.clearway.peers) pc.getSenders()[0].track.enabled = true; }");

    /// <summary>The own microphone is on, and no order has closed it.</summary>
    public async Task AssertMicrophoneOpenAsync()
    {
        await Expect(this["control-mic"]).ToBeEnabledAsync();
        Assert.True(await Page.EvaluateAsync<bool>("() => window.clearway.peers.every(({ pc }) => pc.getSenders()[0].track?.enabled === true)"));
    }

    /// <summary>The page has taken its own camera away from every peer.</summary>
    public Task AssertCameraTakenAwayAsync() =>
        UntilAsync("() => window.clearway.peers.every(({ pc }) => pc.getSenders()[1].track === null)");

    /// <summary>Sends the camera where the page has taken it away, as a client would that does not obey.</summary>
    public Task SendPictureAnywayAsync() => Page.EvaluateAsync(
        """
        async () => {
          const [track] = (await navigator.mediaDevices.getUserMedia({ video: true })).getVideoTracks();
          await Promise.all(window.clearway.peers.map(async ({ pc }) => {
            const sender = pc.getSenders()[1];
            const [send, limit] = [sender.replaceTrack.bind(sender), sender.setParameters.bind(sender)];
            // First of all the page loses its say: it would stop at any moment what nobody asks for, a camera that is off.
            sender.replaceTrack = sender.setParameters = async () => {};
            await send(track);
            const parameters = sender.getParameters();
            parameters.encodings[0].active = true;
            await limit(parameters);
          }));
        }
        """);

    /// <summary>Somebody's camera is not shown here, whether it arrives or not.</summary>
    public Task AssertDoesNotSeeAsync(string name) => Expect(TileOf(name).GetByTestId("tile-video")).ToHaveCountAsync(0);

    /// <summary>It is said that an order in this name was not obeyed.</summary>
    public Task AssertOrderRefusedAsync(string name) =>
        Expect(this["toast"].Filter(new() { HasText = $"in the name of {name} was not obeyed" }).First).ToBeVisibleAsync(new() { Timeout = SlowMs });

    /// <summary>The id of the one other participant.</summary>
    public Task<string> OnlyPeerAsync() => Page.EvaluateAsync<string>("() => window.clearway.peers[0].id");

    /// <summary>Waits until exactly this many peer connections stand.</summary>
    public Task WaitForConnectedPeersAsync(int count) => UntilAsync(
        "count => window.clearway.peers.filter(({ pc }) => pc.connectionState === 'connected').length === count", count);

    /// <summary>Sound that is more than silence leaves the microphone for every peer.</summary>
    public Task AssertSendsSoundAsync() => UntilAsync(
        """
        async () => {
          const sent = async ({ pc }) => {
            let [energy, packets] = [0, 0];
            for (const report of (await pc.getSenders()[0].getStats()).values()) {
              if (report.type === 'media-source') energy += report.totalAudioEnergy ?? 0;
              if (report.type === 'outbound-rtp') packets += report.packetsSent ?? 0;
            }
            return { energy, packets };
          };
          const now = await Promise.all(window.clearway.peers.map(sent));
          const before = window.soundBefore ??= now;
          return now.every(({ energy, packets }, i) => energy > before[i].energy && packets > before[i].packets + 10);
        }
        """);

    /// <summary>Somebody's sound is played here.</summary>
    public async Task AssertHearsAsync(string name) => await UntilAsync(IsPlayed, new { id = await IdOfAsync(name), played = true });

    /// <summary>Somebody's sound is not played here, whether it arrives or not.</summary>
    public async Task AssertDoesNotHearAsync(string name) => await UntilAsync(IsPlayed, new { id = await IdOfAsync(name), played = false });

    /// <summary>Changes an own line of the chat.</summary>
    public async Task EditLineAsync(string line, string text)
    {
        var message = Line(line);
        await message.GetByTestId("chat-actions").ClickAsync();
        await message.GetByTestId("chat-edit").ClickAsync();
        await this["chat-edit-text"].FillAsync(text);
        await this["chat-edit-save"].ClickAsync();
    }

    /// <summary>Takes a line out of the chat.</summary>
    public async Task DeleteLineAsync(string line)
    {
        await OpenActionsAsync(line);
        await Line(line).GetByTestId("chat-delete").ClickAsync();
    }

    /// <summary>Reacts to a line of the chat.</summary>
    public async Task ReactAsync(string line, string emoji)
    {
        await OpenActionsAsync(line);
        await Line(line).Locator(".emoji").Filter(new() { HasText = emoji }).ClickAsync();
    }

    private async Task OpenActionsAsync(string line)
    {
        var delete = Line(line).GetByTestId("chat-delete");
        if (!await delete.IsVisibleAsync())
        {
            await Line(line).GetByTestId("chat-actions").ClickAsync();
        }
    }

    private ILocator Line(string text) => this["chat-message"].Filter(new() { HasText = text });

    private ILocator Person(string name) => this["person"].Filter(new() { HasText = name });

    private ILocator TileOf(string name) => Page.Locator("[data-testid=tile][data-self=false]").Filter(new() { HasText = name });

    private async Task<string> IdOfAsync(string name) => await TileOf(name).GetAttributeAsync("data-participant-id") ?? "";
}
