using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Playwright;

namespace Clearway.EndToEndTests;

/// <summary>
/// A signaling path that puts itself in the middle: it takes the descriptions and candidates of two participants out of their WebSockets,
/// connects to each of them with a peer connection of its own, and passes the media on.
/// </summary>
internal sealed class ManInTheMiddle : IAsyncDisposable
{
    private const string Program = """
        () => {
          const gathered = pc => new Promise(done => {
            if (pc.iceGatheringState === 'complete') return done();
            pc.addEventListener('icegatheringstatechange', () => pc.iceGatheringState === 'complete' && done());
          });
          let ends = [];
          window.mallory = {
            connected: () => ends.filter(pc => pc.connectionState === 'connected').length,
            async offer(offerer, sdp) {
              ends.forEach(pc => pc.close());
              ends = [new RTCPeerConnection(), new RTCPeerConnection()];
              const [near, far] = [ends[offerer], ends[1 - offerer]];
              await near.setRemoteDescription({ type: 'offer', sdp });
              for (const one of near.getTransceivers()) {
                one.direction = 'sendrecv';
                const other = far.addTransceiver(one.receiver.track, { direction: 'sendrecv' });
                await one.sender.replaceTrack(other.receiver.track);
              }
              await near.setLocalDescription();
              await far.setLocalDescription();
              await Promise.all([gathered(near), gathered(far)]);
              return { answer: near.localDescription.sdp, offer: far.localDescription.sdp };
            },
            answer: (answerer, sdp) => ends[answerer].setRemoteDescription({ type: 'answer', sdp }),
            candidate: (from, candidate) => ends[from].addIceCandidate(candidate).catch(() => undefined),
          };
        }
        """;

    private readonly ParticipantPage _browser;
    private readonly bool _takesProofsAway;
    private readonly Channel<(int From, JsonObject Frame)> _taken = Channel.CreateUnbounded<(int, JsonObject)>();
    private readonly string[] _ids = ["", ""];
    private readonly IWebSocketRoute?[] _sockets = [null, null];
    private readonly Task _work;

    private ManInTheMiddle(ParticipantPage browser, bool takesProofsAway)
    {
        (_browser, _takesProofsAway) = (browser, takesProofsAway);
        _work = WorkAsync();
    }

    /// <param name="clearway">The running application.</param>
    /// <param name="takesProofsAway">Whether the offer goes on without its seal, or with the one that the offerer made.</param>
    public static async Task<ManInTheMiddle> StartAsync(ClearwayFixture clearway, bool takesProofsAway)
    {
        var browser = await clearway.OpenBrowserAsync("Mallory");
        await browser.Page.GotoAsync("/");
        // A page that may use a microphone tells its addresses to its peers.
        await browser.Page.EvaluateAsync("() => navigator.mediaDevices.getUserMedia({ audio: true }).then(() => undefined)");
        await browser.Page.EvaluateAsync(Program);
        return new ManInTheMiddle(browser, takesProofsAway);
    }

    /// <summary>As the answer of an installation that requires no proofs.</summary>
    public static Task RequireNoProofsAsync(ParticipantPage page) => page.Page.RouteAsync("**/api/v1/invitations/redeem", async route =>
    {
        var answer = await route.FetchAsync();
        var body = (await answer.TextAsync()).Replace("\"require_verified\":true", "\"require_verified\":false", StringComparison.Ordinal);
        await route.FulfillAsync(new() { Response = answer, Body = body });
    });

    /// <summary>From now on nothing about their connection reaches the other as it was sent.</summary>
    public async Task StandBetweenAsync(ParticipantPage one, ParticipantPage other)
    {
        await TapAsync(one, end: 0);
        await TapAsync(other, end: 1);
    }

    /// <summary>How many of the two ends are connected to us: 0 to 2.</summary>
    public Task<int> ConnectedAsync() => _browser.Page.EvaluateAsync<int>("() => window.mallory.connected()");

    public async ValueTask DisposeAsync()
    {
        _taken.Writer.TryComplete();
        await _work;
        await _browser.DisposeAsync();
    }

    private Task TapAsync(ParticipantPage page, int end) => page.Page.RouteWebSocketAsync(
        url => new Uri(url).AbsolutePath == "/api/v1/ws",
        socket =>
        {
            _sockets[end] = socket;
            var server = socket.ConnectToServer();
            server.OnMessage(message =>
            {
                if (JsonNode.Parse(message.Text!) is JsonObject frame && (string?)frame["type"] == "welcome")
                {
                    _ids[end] = (string)frame["id"]!;
                }

                socket.Send(message.Text!);
            });
            socket.OnMessage(message =>
            {
                if (JsonNode.Parse(message.Text!) is JsonObject frame && (string?)frame["type"] is "offer" or "answer" or "candidate")
                {
                    _taken.Writer.TryWrite((end, frame));
                }
                else
                {
                    server.Send(message.Text!);
                }
            });
        });

    private async Task WorkAsync()
    {
        // Candidates of an end come after its description, and wait for what Mallory makes of it.
        await foreach (var (from, frame) in _taken.Reader.ReadAllAsync())
        {
            var payload = (JsonObject)frame["payload"]!;
            switch ((string?)frame["type"])
            {
                case "offer":
                    var made = (await _browser.Page.EvaluateAsync(
                        "([from, sdp]) => window.mallory.offer(from, sdp)", new object[] { from, (string)payload["sdp"]! }))!.Value;
                    Send(from, "answer", payload, made.GetProperty("answer").GetString()!);
                    Send(1 - from, "offer", payload, made.GetProperty("offer").GetString()!);
                    break;
                case "answer":
                    await _browser.Page.EvaluateAsync(
                        "([from, sdp]) => window.mallory.answer(from, sdp)", new object[] { from, (string)payload["sdp"]! });
                    break;
                case "candidate":
                    await _browser.Page.EvaluateAsync(
                        "([from, candidate]) => window.mallory.candidate(from, JSON.parse(candidate))", new object[] { from, payload.ToJsonString() });
                    break;
            }
        }
    }

    /// <summary>A frame to this end as the gateway would send it from the other, with a description of our own in what the offerer sent.</summary>
    private void Send(int to, string type, JsonObject offered, string sdp)
    {
        var payload = (JsonObject)offered.DeepClone();
        payload["type"] = type;
        payload["sdp"] = sdp;
        if (_takesProofsAway)
        {
            payload.Remove("seal");
        }

        _sockets[to]!.Send(new JsonObject { ["type"] = type, ["sender_id"] = _ids[1 - to], ["payload"] = payload }.ToJsonString());
    }
}
