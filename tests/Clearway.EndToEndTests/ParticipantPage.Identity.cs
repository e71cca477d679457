using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace Clearway.EndToEndTests;

/// <summary>What a person is shown of who is at the other end.</summary>
public sealed partial class ParticipantPage
{
    /// <summary>The one other participant's tile says this of who that is.</summary>
    public async Task AssertIdentityAsync(string state, string text)
    {
        var tile = Page.Locator("[data-testid=tile][data-self=false]");
        await Expect(tile).ToHaveAttributeAsync("data-identity", state, new() { Timeout = SlowMs });
        await Expect(tile.GetByTestId("identity-mark")).ToHaveAttributeAsync("title", new Regex(Regex.Escape(text)));
    }

    /// <summary>How many peer connections stand at this moment.</summary>
    public Task<int> ConnectedPeersAsync() =>
        Page.EvaluateAsync<int>("() => window.clearway.peers.filter(({ pc }) => pc.connectionState === 'connected').length");

    /// <summary>From every peer decoded video frames rise, whether sound does or not.</summary>
    public async Task AssertPicturesArriveFromAllAsync()
    {
        var before = await UntilAsync(all => all.Length > 0 && all.All(peer => peer.Frames > 0), "first frames of every peer");
        await UntilAsync(
            all => before.All(earlier => all.Any(now => now.Id == earlier.Id && now.Frames > earlier.Frames + 5)), "rising frames of every peer");
    }
}
