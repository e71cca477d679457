namespace Clearway.EndToEndTests;

/// <summary>The TURN server that a call is offered, asked to relay by a browser that may use nothing else.</summary>
[Collection(nameof(ClearwayCollection))]
public sealed class RelayTests(ClearwayFixture clearway) : IDisposable
{
    /// <summary>Two peer connections in one page, each allowed relayed candidates only (RFC 8656), open a data channel.</summary>
    private const string ConnectByRelayOnly = """
        async () => {
          const { iceServers } = window.clearway.peers[0].pc.getConfiguration();
          const configuration = { iceServers, iceTransportPolicy: 'relay' };
          const [near, far] = [new RTCPeerConnection(configuration), new RTCPeerConnection(configuration)];
          near.onicecandidate = ({ candidate }) => far.addIceCandidate(candidate);
          far.onicecandidate = ({ candidate }) => near.addIceCandidate(candidate);
          const echoed = new Promise(done => {
            far.ondatachannel = ({ channel }) => { channel.onmessage = ({ data }) => channel.send(data); };
            const channel = near.createDataChannel('relayed');
            channel.onopen = () => channel.send('by relay');
            channel.onmessage = ({ data }) => done(data);
          });
          await near.setLocalDescription();
          await far.setRemoteDescription(near.localDescription);
          await far.setLocalDescription();
          await near.setRemoteDescription(far.localDescription);
          const answer = await echoed;
          near.close();
          far.close();
          return answer;
        }
        """;

    public void Dispose() => clearway.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task Turn_OfferedToACall_RelaysBetweenPeers()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Behind a firewall");
        await ada.JoinFromLobbyAsync();
        await grace.JoinAsync(invitation);
        await ada.WaitForPeersAsync(1);
        await ada.AssertMediaArrivesFromAllAsync();

        var answer = await ada.Page.EvaluateAsync<string>(ConnectByRelayOnly).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal("by relay", answer);
    }
}
