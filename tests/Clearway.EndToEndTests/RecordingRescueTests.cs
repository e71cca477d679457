using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Clearway.TestApp;

namespace Clearway.EndToEndTests;

/// <summary>A browser that is killed while it records.</summary>
[Collection(nameof(ClearwayCollection))]
public sealed class RecordingRescueTests(ClearwayFixture clearway)
{
    /// <summary>What may be missing of a recording whose browser was killed.</summary>
    private static readonly TimeSpan _mostLost = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Recording_OfABrowserThatIsKilled_IsFinishedByTheNextVisit(bool isNetworkUp)
    {
        var profile = Directory.CreateTempSubdirectory("clearway-browser-");
        try
        {
            var title = $"Rescue {Guid.NewGuid():n}";
            double recorded;
            await using (var browser = await clearway.OpenPersistentBrowserAsync("Ada", profile.FullName))
            {
                var ada = browser.Person;
                await ada.SignInAsync();
                await ada.CreateRoomAsync(title);
                await ada.JoinFromLobbyAsync();
                await ada.StartRecordingAsync();
                if (!isNetworkUp)
                {
                    // What is recorded from here on reaches the disk and nothing else.
                    await ada.RecordForAsync(seconds: 2);
                    await ada.Page.RouteAsync("**/api/v1/records/**", route => route.AbortAsync());
                }

                await ada.RecordForAsync(seconds: 6);
                recorded = await ada.Page.EvaluateAsync<double>("() => window.clearway.recordedSeconds");
                await browser.KillAsync();
            }

            await using (var browser = await clearway.OpenPersistentBrowserAsync("Ada", profile.FullName))
            {
                await browser.Person.Page.GotoAsync("/");
                using var client = clearway.App.CreateClient();
                await new Guest(client).SignInAsync("Ada");
                var recording = await SealedAsync(client, title);
                var duration = TimeSpan.FromMilliseconds(recording["duration_ms"]!.GetValue<long>());
                Assert.True(duration >= TimeSpan.FromSeconds(recorded) - _mostLost, $"{duration} of {recorded} s");
                await browser.Person.UntilAsync("""
                    async () => {
                      const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('recordings', { create: true });
                      for await (const _ of root.keys()) return false;
                      return true;
                    }
                    """);
            }
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }

    private static async Task<JsonNode> SealedAsync(HttpClient client, string title)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var page = await client.GetFromJsonAsync<JsonNode>(
                new Uri($"/api/v1/records?state=sealed&search={Uri.EscapeDataString(title)}", UriKind.Relative), patience.Token);
            if (page!["recordings"]!.AsArray() is [{ } recording])
            {
                return recording;
            }

            // The pace of asking: the list of recordings tells nobody when it changes.
            await Task.Delay(200, patience.Token);
        }
    }
}
