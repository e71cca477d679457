using System.Globalization;

namespace Clearway.EndToEndTests;

/// <summary>As many as a mesh holds, and fewer, in one Chromium; what was seen is written to `artifacts/crowd.txt`.</summary>
[Collection(nameof(ClearwayCollection))]
public sealed class CrowdTests(ClearwayFixture clearway) : IDisposable
{
    // Many browsers on the processors of one machine greet each other for a while.
    private const float ManyMs = 120_000;

    private static readonly int _people = int.Parse(Environment.GetEnvironmentVariable("CLEARWAY_CROWD") ?? "8", CultureInfo.InvariantCulture);

    private static readonly string[] _names = ["Ada", "Grace", "Edsger", "Barbara", "Donald", "Frances", "Alan", "Radia"];

    /// <summary>
    /// Eight people's work on one machine: five pictures a second are enough for thumbnails, and what an imitated microphone plays has no
    /// echo and no noise that would have to be taken out of it eight times.
    /// </summary>
    private const string FrugalDevices = """
        {
          const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          navigator.mediaDevices.getUserMedia = wanted => open({
            audio: wanted.audio && { ...wanted.audio, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
            video: wanted.video && { ...wanted.video, frameRate: 5 },
          });
        }
        """;

    private static string AllConnected => $$"""
        () => window.clearway.peers.length === {{_people - 1}} && window.clearway.peers.every(({ pc }) => pc.connectionState === 'connected')
        """;

    public void Dispose() => clearway.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task Call_OfMany_StaysConnectedWithSoundAndThumbnails()
    {
        var people = new List<ParticipantPage>();
        try
        {
            foreach (var name in _names.Take(_people))
            {
                var person = await clearway.OpenBrowserAsync(name, ScreenSize.Phone);
                await person.Page.AddInitScriptAsync(FrugalDevices);
                people.Add(person);
            }

            await people[0].SignInAsync();
            var invitation = await people[0].CreateRoomAsync("All hands");
            // Whoever is in a call already would take from those who still load the page.
            foreach (var person in people.Skip(1))
            {
                await person.Page.GotoAsync(invitation);
            }

            foreach (var person in people)
            {
                await person.JoinFromLobbyAsync();
            }

            await Task.WhenAll(people.Select(person => person.UntilAsync(AllConnected, patienceMs: ManyMs)));
            await Task.WhenAll(people.Select(person => person.AssertMediaArrivesFromAllAsync(ManyMs)));
            await Task.WhenAll(people.Select(person => person.UntilAsync(AllConnected)));

            var lines = await people[^1].Page.EvaluateAsync<int>("""
                async () => {
                  let most = 0;
                  for (const { pc } of window.clearway.peers)
                    for (const report of (await pc.getStats()).values())
                      if (report.type === 'outbound-rtp' && report.kind === 'video') most = Math.max(most, report.frameHeight ?? 0);
                  return most;
                }
                """);
            Artefacts.Append("crowd.txt", $"{_people} people: all {_people * (_people - 1)} directions with sound and rising frames; pictures of at most {lines} lines");
            Assert.InRange(lines, 1, 288);
        }
        finally
        {
            foreach (var person in people)
            {
                await person.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Call_OfFour_LeavesTheMainThreadAlone()
    {
        var people = new List<ParticipantPage>();
        try
        {
            foreach (var name in _names.Take(4))
            {
                people.Add(await clearway.OpenBrowserAsync(name));
            }

            await people[0].SignInAsync();
            var invitation = await people[0].CreateRoomAsync("Four");
            await people[0].JoinFromLobbyAsync();
            foreach (var person in people.Skip(1))
            {
                await person.JoinAsync(invitation);
            }

            await people[0].WaitForPeersAsync(3);
            await people[0].AssertMediaArrivesFromAllAsync();

            var session = await people[0].Page.Context.NewCDPSessionAsync(people[0].Page);
            // Of the processor, and not of the clock: on a machine that is full a task waits more than it works.
            await session.SendAsync("Performance.enable", new() { ["timeDomain"] = "threadTicks" });
            var seconds = int.Parse(Environment.GetEnvironmentVariable("CLEARWAY_SECONDS") ?? "5", CultureInfo.InvariantCulture);
            var before = await ReadAsync();
            await people[0].Page.EvaluateAsync("seconds => new Promise(done => setTimeout(done, seconds * 1000))", seconds);
            var after = await ReadAsync();

            var elapsed = after["Timestamp"] - before["Timestamp"];
            var share = (after["TaskDuration"] - before["TaskDuration"]) / elapsed;
            Artefacts.Append(
                "crowd.txt",
                string.Create(CultureInfo.InvariantCulture, $"four people, {elapsed:F0} s, main thread of one page: {100 * share:F1} % of a core,")
                + string.Create(CultureInfo.InvariantCulture, $" of that script {100 * (after["ScriptDuration"] - before["ScriptDuration"]) / elapsed:F1} %"));

            // Ten times what was measured: something that is done for each frame or packet would be above.
            Assert.InRange(share, 0, 0.3);

            async Task<Dictionary<string, double>> ReadAsync()
            {
                var metrics = await session.SendAsync("Performance.getMetrics");
                return metrics!.Value.GetProperty("metrics").EnumerateArray()
                    .ToDictionary(metric => metric.GetProperty("name").GetString()!, metric => metric.GetProperty("value").GetDouble());
            }
        }
        finally
        {
            foreach (var person in people)
            {
                await person.DisposeAsync();
            }
        }
    }
}
