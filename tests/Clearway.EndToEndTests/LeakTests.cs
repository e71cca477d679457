using System.Text.Json;
using Microsoft.Playwright;

namespace Clearway.EndToEndTests;

/// <summary>
/// Joins and leaves again and again, an hour's worth without its pauses: whoever stays, and the page of who comes and goes, hold as many peer
/// connections, tracks and media elements afterwards as before. Counted are the objects that are alive in the browser after garbage was
/// collected. `CLEARWAY_ROUNDS` (6) makes more rounds; figures go to `artifacts/leaks.txt`.
/// </summary>
[Collection(nameof(ClearwayCollection))]
public sealed class LeakTests(ClearwayFixture clearway) : IDisposable
{
    private static readonly string[] _counted =
        ["RTCPeerConnection", "RTCDataChannel", "MediaStreamTrack", "HTMLVideoElement", "HTMLAudioElement", "AudioContext", "WebSocket"];

    private static readonly int _rounds = Rounds.OrElse(6);

    public void Dispose() => clearway.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task Calls_JoinedAndLeftAgainAndAgain_LeaveNothingBehind()
    {
        var (before, after) = await ComeAndGoAsync("() => undefined", _rounds);
        Artefacts.Append("leaks.txt", $"{_rounds} joins and leaves: {Described(before)} before, {Described(after)} after");
        Assert.Equal(Described(before), Described(after));
    }

    [Fact]
    public async Task Calls_WhosePageKeepsPeerConnections_AreFoundOut()
    {
        // What a forgotten listener or an array that only grows would do; each visit leaves one, so that few tell as much as many.
        const int Visits = 2;
        var (before, after) = await ComeAndGoAsync(
            """
            () => {
              const kept = [];
              window.RTCPeerConnection = class extends RTCPeerConnection {
                constructor(...given) {
                  super(...given);
                  kept.push(this);
                }
              };
            }
            """,
            Visits);
        Assert.True(after["RTCPeerConnection"] >= before["RTCPeerConnection"] + Visits - 1, $"{Described(before)} before, {Described(after)} after");
    }

    /// <summary>What Ada's page holds with one other in the call, after the first and after the last of many visits.</summary>
    private async Task<(Dictionary<string, int> Before, Dictionary<string, int> After)> ComeAndGoAsync(string fault, int visits)
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await ada.Page.AddInitScriptAsync($"({fault})()");
        await ada.SignInAsync();
        // Longer than a room lasts unless told otherwise.
        await ada.Page.GetByTestId("room-minutes").FillAsync("120");
        var invitation = await ada.CreateRoomAsync("Coming and going");
        await ada.JoinFromLobbyAsync();
        var counter = await ada.Page.Context.NewCDPSessionAsync(ada.Page);
        await grace.Page.GotoAsync(invitation);
        await VisitAsync();
        var before = await CountAsync(counter);
        for (var visit = 0; visit < visits; visit++)
        {
            await VisitAsync();
        }

        return (before, await CountAsync(counter));

        async Task VisitAsync()
        {
            await grace.JoinFromLobbyAsync();
            await ada.UntilAsync("() => window.clearway.peers.some(({ pc }) => pc.connectionState === 'connected')");
            await ada.UntilAsync("() => document.querySelector('[data-testid=tile][data-self=false] video')?.readyState >= 2");
            await grace.LeaveAsync();
            await grace.Page.GetByTestId("join-again").ClickAsync();
            await ada.UntilAsync("() => window.clearway.peers.length === 0");
        }
    }

    private static async Task<Dictionary<string, int>> CountAsync(ICDPSession session)
    {
        await session.SendAsync("HeapProfiler.enable");
        var counts = new Dictionary<string, int>();
        // The browser lets go of what is closed a few turns later, and of what that held one collection later.
        for (var collections = 0; collections < 4; collections++)
        {
            await session.SendAsync("HeapProfiler.collectGarbage");
            await session.SendAsync("Runtime.evaluate", new() { ["expression"] = "new Promise(done => setTimeout(done, 500))", ["awaitPromise"] = true });
        }

        foreach (var name in _counted)
        {
            var prototype = await session.SendAsync("Runtime.evaluate", new() { ["expression"] = $"{name}.prototype", ["objectGroup"] = "leaks" });
            var found = await session.SendAsync(
                "Runtime.queryObjects", new() { ["prototypeObjectId"] = Id(prototype!.Value, "result"), ["objectGroup"] = "leaks" });
            var length = await session.SendAsync(
                "Runtime.callFunctionOn",
                new() { ["objectId"] = Id(found!.Value, "objects"), ["functionDeclaration"] = "function () { return this.length; }", ["returnByValue"] = true });
            counts[name] = length!.Value.GetProperty("result").GetProperty("value").GetInt32();
        }

        await session.SendAsync("Runtime.releaseObjectGroup", new() { ["objectGroup"] = "leaks" });
        return counts;
    }

    private static string Id(JsonElement answer, string member) => answer.GetProperty(member).GetProperty("objectId").GetString()!;

    private static string Described(Dictionary<string, int> counts) => string.Join(", ", counts.Select(one => $"{one.Value} {one.Key}"));
}
