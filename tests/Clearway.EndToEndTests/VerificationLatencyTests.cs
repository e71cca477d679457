using Microsoft.Playwright;

namespace Clearway.EndToEndTests;

/// <summary>
/// What verification adds to the time from the click on "join" to the first picture of the other. Nothing is asserted of the times: they are
/// written to `artifacts/verification-latency.txt`, and `CLEARWAY_ROUNDS` (1) makes more of them.
/// </summary>
[Collection(nameof(ClearwayCollection))]
public sealed class VerificationLatencyTests(ClearwayFixture clearway) : IDisposable
{
    /// <summary>In the place of the chunk that makes and judges proofs: descriptions go out and in as they are.</summary>
    private const string NoIdentity = """
        export const Identity = {
          create: async () => ({
            open: () => ({
              required: false,
              orders: { prove: async () => undefined, verify: async () => 'unsigned' },
              relay: (ends) => ({ send: ends.send, receive: ends.deliver, forget() {}, confirm: async () => true }),
            }),
          }),
        };
        """;

    public void Dispose() => clearway.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task Join_WithAndWithoutVerification_ShowsTheOtherAndTellsTheTimes()
    {
        var rounds = Rounds.OrElse(1);
        List<double> with = [], without = [];
        await MeasureAsync(verified: true);
        await MeasureAsync(verified: false);
        for (var round = 0; round < rounds; round++)
        {
            // Whoever comes first in a round does not do so in the next one.
            foreach (var verified in (bool[])[round % 2 == 0, round % 2 != 0])
            {
                (verified ? with : without).Add(await MeasureAsync(verified));
            }
        }

        Artefacts.Write(
            "verification-latency.txt",
            $"click on join to the first picture, {rounds} interleaved rounds, ms, median (lowest to highest)",
            $"with verification     {Rounds.Described(with)}",
            $"without               {Rounds.Described(without)}",
            $"verification adds     {Rounds.Median(with) - Rounds.Median(without):F0}");
    }

    private async Task<double> MeasureAsync(bool verified)
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        if (!verified)
        {
            await WithoutIdentityAsync(ada);
            await WithoutIdentityAsync(grace);
        }

        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Stopwatch");
        await ada.JoinFromLobbyAsync();
        await grace.WatchFirstPictureAsync();
        await grace.JoinAsync(invitation);
        var milliseconds = await grace.FirstPictureAsync();
        Assert.Equal(verified ? 1 : 0, await grace.Page.GetByTestId("identity-mark").CountAsync());
        return milliseconds;
    }

    private static async Task WithoutIdentityAsync(ParticipantPage page) => await page.Page.RouteAsync(
        "**/assets/identity-*.js", route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/javascript", Body = NoIdentity }));
}
