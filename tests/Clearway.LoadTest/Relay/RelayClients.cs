using System.Text;
using Clearway.LoadTest.Servers;

namespace Clearway.LoadTest.Relay;

/// <summary>A client of the gateway; each pair has a room.</summary>
internal sealed class ClearwayRelayClient(string token) : RelayClient
{
    protected override string Target => "/api/v1/ws";

    protected override string Subprotocol => "clearway.v1";

    protected override void OnOpen() => SendText($$"""{"type":"join","token":"{{token}}"}""");

    protected override void OnGreeting(ReadOnlySpan<byte> payload)
    {
        if (payload.StartsWith("{\"type\":\"error\""u8))
        {
            throw new InvalidOperationException($"The gateway refused a join: {Encoding.UTF8.GetString(payload)}");
        }

        IsReady = payload.StartsWith("{\"type\":\"welcome\""u8);
    }

    protected override string OfferTo(RelayClient partner) =>
        $$$"""{"type":"offer","target_id":"{{{RoomTokens.Participant(PartnerNumber)}}}","payload":{"type":"offer","sdp":"{{{Offer.Description}}}"}}""";
}

/// <summary>A client of PeerServer: its ids are chosen by the clients.</summary>
internal sealed class PeerServerRelayClient : RelayClient
{
    protected override string Target => $"/peerjs?key=peerjs&id=load{Number}&token=t{Number}&version=1.5.5";

    protected override void OnOpen()
    {
    }

    protected override void OnGreeting(ReadOnlySpan<byte> payload) => IsReady = payload.IndexOf("\"OPEN\""u8) >= 0;

    protected override string OfferTo(RelayClient partner) =>
        $$$"""{"type":"OFFER","dst":"load{{{PartnerNumber}}}","payload":{"type":"offer","sdp":"{{{Offer.Description}}}"}}""";
}

/// <summary>A client of y-webrtc's signaling server: each has a topic of its own, so that one publication is one delivery.</summary>
internal sealed class YWebrtcRelayClient : RelayClient
{
    protected override string Target => "/";

    protected override void OnOpen()
    {
        SendText($$"""{"type":"subscribe","topics":["load{{Number}}"]}""");
        SendText("""{"type":"ping"}""");
    }

    protected override void OnGreeting(ReadOnlySpan<byte> payload) => IsReady = payload.IndexOf("\"pong\""u8) >= 0;

    protected override string OfferTo(RelayClient partner) =>
        $$$"""{"type":"publish","topic":"load{{{PartnerNumber}}}","payload":{"type":"offer","sdp":"{{{Offer.Description}}}"}}""";
}

/// <summary>A client of socket.io, by its WebSocket transport: Engine.IO protocol 4, Socket.IO protocol 5.</summary>
internal sealed class SocketIoRelayClient : RelayClient
{
    private string _id = "";

    protected override string Target => "/socket.io/?EIO=4&transport=websocket";

    protected override void OnOpen()
    {
    }

    protected override void OnGreeting(ReadOnlySpan<byte> payload)
    {
        if (payload[0] == (byte)'0')
        {
            SendText("40");
        }
        else if (payload.StartsWith("40{\"sid\":\""u8))
        {
            _id = Encoding.UTF8.GetString(payload[10..][..payload[10..].IndexOf((byte)'"')]);
            IsReady = true;
        }
    }

    protected override int Count(ReadOnlySpan<byte> payload)
    {
        if (payload is [(byte)'2'])
        {
            SendText("3");
        }

        return base.Count(payload);
    }

    protected override string OfferTo(RelayClient partner) =>
        $$$"""42["offer",{"target_id":"{{{((SocketIoRelayClient)partner)._id}}}","payload":{"type":"offer","sdp":"{{{Offer.Description}}}"}}]""";
}

/// <summary>A client of the SignalR hub, by its JSON protocol without negotiation: records end with the byte 0x1e.</summary>
internal sealed class SignalRRelayClient : RelayClient
{
    private const byte RecordEnd = 0x1e;

    private int _recordBytes; // of a record whose end has not come: the server cuts frames where it likes

    protected override string Target => "/relay";

    protected override void OnOpen()
    {
        SendText("{\"protocol\":\"json\",\"version\":1}\u001e");
        SendText($$"""{"type":1,"target":"Enter","arguments":["load{{Number}}"]}""" + "\u001e");
    }

    protected override void OnGreeting(ReadOnlySpan<byte> payload) => IsReady = payload.IndexOf("\"Entered\""u8) >= 0;

    protected override int Count(ReadOnlySpan<byte> payload)
    {
        var count = 0;
        while (true)
        {
            var end = payload.IndexOf(RecordEnd);
            if (end < 0)
            {
                _recordBytes += payload.Length;
                return count;
            }

            count += _recordBytes + end > Offer.Description.Length ? 1 : 0;
            _recordBytes = 0;
            payload = payload[(end + 1)..];
        }
    }

    protected override string OfferTo(RelayClient partner) =>
        $$$"""{"type":1,"target":"Offer","arguments":["load{{{PartnerNumber}}}",{"type":"offer","sdp":"{{{Offer.Description}}}"}]}""" + "\u001e";
}

/// <summary>A client of the relay in C.</summary>
internal sealed class LimitRelayClient : RelayClient
{
    protected override string Target => $"/?n={Number}";

    protected override void OnOpen() => IsReady = true;

    protected override void OnGreeting(ReadOnlySpan<byte> payload) => throw new InvalidOperationException("The limit greets nobody.");

    protected override string OfferTo(RelayClient partner) =>
        $$$"""{"type":"offer","target_id":"load{{{PartnerNumber}}}","payload":{"type":"offer","sdp":"{{{Offer.Description}}}"}}""";
}
