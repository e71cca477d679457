using System.Globalization;

namespace Clearway.EndToEndTests;

/// <summary>
/// How long from the click on "join" to the first picture of the other, beside two peer connections in one page that need no server and no
/// proof. Nothing is asserted of the times: they are written to `artifacts/first-media.txt`, and `CLEARWAY_ROUNDS` (1) makes more of them. With
/// `CLEARWAY_PEERS` set, a page with PeerJS on PeerServer, both from npm, is in each round.
/// </summary>
[Collection(nameof(ClearwayCollection))]
public sealed class FirstMediaTests(ClearwayFixture clearway) : IDisposable
{
    /// <summary>With camera and microphone open already, as a lobby has them, and both descriptions and candidates handed over in the page.</summary>
    private const string DirectExchange = """
        async () => {
          const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: { ideal: 1280 }, height: { ideal: 720 } } });
          const began = performance.now();
          const [near, far] = [new RTCPeerConnection(), new RTCPeerConnection()];
          near.onicecandidate = ({ candidate }) => far.addIceCandidate(candidate);
          far.onicecandidate = ({ candidate }) => near.addIceCandidate(candidate);
          const shown = new Promise(done => {
            far.ontrack = ({ track }) => {
              if (track.kind !== 'video') return;
              const video = document.createElement('video');
              video.muted = true;
              video.srcObject = new MediaStream([track]);
              document.body.append(video);
              video.requestVideoFrameCallback(done);
              video.play();
            };
          });
          for (const track of stream.getTracks()) near.addTrack(track, stream);
          await near.setLocalDescription();
          await far.setRemoteDescription(near.localDescription);
          await far.setLocalDescription();
          await near.setRemoteDescription(far.localDescription);
          const milliseconds = await shown - began;
          near.close();
          far.close();
          for (const track of stream.getTracks()) track.stop();
          return milliseconds;
        }
        """;

    public void Dispose() => clearway.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task Join_BesideADirectExchange_ShowsTheOtherAndTellsTheTimes()
    {
        var rounds = Rounds.OrElse(1);
        await using var peerJs = Environment.GetEnvironmentVariable("CLEARWAY_PEERS") is null ? null : await PeerJsSite.StartAsync();
        // Until the compilers of the services that have just started have settled.
        for (var round = 0; round < Math.Min(rounds, 5); round++)
        {
            await RoundAsync(peerJs);
        }

        var measured = new List<Times>();
        for (var round = 0; round < rounds; round++)
        {
            measured.Add(await RoundAsync(peerJs));
        }

        double[] joins = [.. measured.Select(times => times.Join)], exchanges = [.. measured.Select(times => times.Exchange)];
        double[] peerCalls = [.. measured.Select(times => times.PeerCall).OfType<double>()];
        Artefacts.Write(
            "first-media.txt",
            $"first picture of the other, {rounds} interleaved rounds, ms, median (lowest to highest)",
            $"click on join      {Rounds.Described(joins)}; 95th percentile {Rounds.Percentile(joins, 0.95):F0}",
            $"direct exchange    {Rounds.Described(exchanges)}",
            $"PeerJS             {(peerCalls.Length == 0 ? "not asked for" : Rounds.Described(peerCalls))}",
            string.Create(CultureInfo.InvariantCulture, $"ratio              {Rounds.Median(joins) / Rounds.Median(exchanges):F2}"));
    }

    private async Task<Times> RoundAsync(PeerJsSite? peerJs) =>
        new(await JoinAsync(), await ExchangeAsync(), peerJs is null ? null : await CallAsync(peerJs));

    private async Task<double> JoinAsync()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Stopwatch");
        await ada.JoinFromLobbyAsync();
        await grace.WatchFirstPictureAsync();
        await grace.JoinAsync(invitation);
        return await grace.FirstPictureAsync();
    }

    private async Task<double> CallAsync(PeerJsSite peerJs)
    {
        await using var caller = await clearway.OpenBrowserAsync("Caller");
        await using var called = await clearway.OpenBrowserAsync("Called");
        return await peerJs.CallAsync(caller.Page, called.Page);
    }

    private async Task<double> ExchangeAsync()
    {
        await using var alone = await clearway.OpenBrowserAsync("Alone");
        await alone.Page.GotoAsync("/");
        return await alone.Page.EvaluateAsync<double>(DirectExchange).WaitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>Of one round, in milliseconds.</summary>
    private readonly record struct Times(double Join, double Exchange, double? PeerCall);
}
