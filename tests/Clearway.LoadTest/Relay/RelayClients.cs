using System.Runtime.InteropServices;
using System.Text;
using Clearway.LoadTest.Servers;

namespace Clearway.LoadTest.Relay;

/// <summary>A client of the gateway.</summary>
/// <param name="token">Its room token.</param>
/// <param name="resume">What the session to go on with gave for that.</param>
internal sealed class ClearwayClient(string token, string? resume = null) : RelayClient
{
    /// <summary>Whether it says who it is as soon as it is connected, and not when <see cref="Join"/> is called.</summary>
    internal bool JoinsAtOnce { get; init; } = true;

    /// <summary>Whether the upgrade is done.</summary>
    internal bool IsConnected { get; private set; }

    /// <summary>The error with which the gateway refused or ended it.</summary>
    internal string? Error { get; private set; }

    /// <summary>What this session can be resumed with.</summary>
    internal string? Resume { get; private set; }

    /// <summary>Whether an older session goes on.</summary>
    internal bool IsResumed { get; private set; }

    protected override string Target => "/api/v1/ws";

    protected override string Subprotocol => "clearway.v1";

    internal void Join() => SendText(
        resume is null ? $$"""{"type":"join","token":"{{token}}"}""" : $$"""{"type":"join","token":"{{token}}","resume":"{{resume}}"}""");

    internal override void Leave() => SendText("""{"type":"leave"}""");

    internal override string OfferTo(RelayClient target, string description) =>
        $$$"""{"type":"offer","target_id":"{{{RoomTokens.Participant(target.Number)}}}","payload":{"type":"offer","sdp":"{{{description}}}"}}""";

    internal override string LineTo(string room, string line) => $$"""{"type":"chat","text":"{{line}}"}""";

    protected override void OnOpen()
    {
        IsConnected = true;
        if (JoinsAtOnce)
        {
            Join();
        }
    }

    protected override void OnGreeting(ReadOnlySpan<byte> payload)
    {
        if (payload.StartsWith("{\"type\":\"welcome\""u8))
        {
            var value = payload[(payload.IndexOf("\"resume\":\""u8) + 10)..];
            Resume = Encoding.UTF8.GetString(value[..value.IndexOf((byte)'"')]);
            IsResumed = payload.IndexOf("\"resumed\":true"u8) >= 0;
            IsReady = true;
        }
        else if (payload.StartsWith("{\"type\":\"error\""u8))
        {
            Error = Encoding.UTF8.GetString(payload);
        }
    }
}

/// <summary>A client of PeerServer: its ids are chosen by the clients.</summary>
internal sealed class PeerServerClient : RelayClient
{
    protected override string Target => $"/peerjs?key=peerjs&id=load{Number}&token=t{Number}&version=1.5.5";

    internal override string OfferTo(RelayClient target, string description) =>
        $$$"""{"type":"OFFER","dst":"load{{{target.Number}}}","payload":{"type":"offer","sdp":"{{{description}}}"}}""";

    protected override void OnGreeting(ReadOnlySpan<byte> payload) => IsReady = payload.IndexOf("\"OPEN\""u8) >= 0;
}

/// <summary>A client of y-webrtc's signaling server: each has a topic of its own, so that one publication is one delivery.</summary>
internal sealed class YWebrtcClient : RelayClient
{
    protected override string Target => "/";

    internal override string OfferTo(RelayClient target, string description) =>
        $$$"""{"type":"publish","topic":"load{{{target.Number}}}","payload":{"type":"offer","sdp":"{{{description}}}"}}""";

    protected override void OnOpen()
    {
        SendText($$"""{"type":"subscribe","topics":["load{{Number}}"]}""");
        SendText("""{"type":"ping"}""");
    }

    protected override void OnGreeting(ReadOnlySpan<byte> payload) => IsReady = payload.IndexOf("\"pong\""u8) >= 0;
}

/// <summary>A client of socket.io, by its WebSocket transport: Engine.IO protocol 4, Socket.IO protocol 5.</summary>
/// <param name="room">The room that it enters, if any.</param>
internal sealed class SocketIoClient(string? room = null) : RelayClient
{
    private string _id = "";

    protected override string Target => "/socket.io/?EIO=4&transport=websocket";

    internal override string OfferTo(RelayClient target, string description) =>
        $$$"""42["offer",{"target_id":"{{{((SocketIoClient)target)._id}}}","payload":{"type":"offer","sdp":"{{{description}}}"}}]""";

    internal override string LineTo(string room, string line) => $$"""42["chat",{"room":"{{room}}","text":"{{line}}"}]""";

    protected override void OnGreeting(ReadOnlySpan<byte> payload)
    {
        if (payload[0] == (byte)'0')
        {
            SendText("40");
        }
        else if (payload.StartsWith("40{\"sid\":\""u8))
        {
            _id = Encoding.UTF8.GetString(payload[10..][..payload[10..].IndexOf((byte)'"')]);
            IsReady = room is null;
            if (room is not null)
            {
                SendText($"""42["join","{room}"]""");
            }
        }
        else
        {
            IsReady = payload.StartsWith("42[\"joined\""u8);
        }
    }

    protected override void OnText(ReadOnlySpan<byte> payload)
    {
        if (payload is [(byte)'2'])
        {
            SendText("3");
        }
        else
        {
            base.OnText(payload);
        }
    }
}

/// <summary>A client of the SignalR hub, by its JSON protocol without negotiation: records end with the byte 0x1e.</summary>
/// <param name="room">The group that it enters, if any.</param>
internal sealed class SignalRClient(string? room = null) : RelayClient
{
    private const byte RecordEnd = 0x1e;

    private readonly List<byte> _begun = []; // of a record whose end has not come: the server cuts frames where it likes

    protected override string Target => "/relay";

    internal override string OfferTo(RelayClient target, string description) =>
        $$$"""{"type":1,"target":"Offer","arguments":["load{{{target.Number}}}",{"type":"offer","sdp":"{{{description}}}"}]}""" + "\u001e";

    internal override string LineTo(string room, string line) =>
        $$"""{"type":1,"target":"Chat","arguments":["{{room}}","{{line}}"]}""" + "\u001e";

    protected override void OnOpen()
    {
        SendText("{\"protocol\":\"json\",\"version\":1}\u001e");
        SendText((room is null
            ? $$"""{"type":1,"target":"Enter","arguments":["load{{Number}}"]}"""
            : $$"""{"type":1,"target":"EnterRoom","arguments":["{{room}}"]}""") + "\u001e");
    }

    protected override void OnGreeting(ReadOnlySpan<byte> payload) => IsReady = payload.IndexOf("\"Entered\""u8) >= 0;

    protected override void OnText(ReadOnlySpan<byte> payload)
    {
        for (var end = payload.IndexOf(RecordEnd); end >= 0; end = payload.IndexOf(RecordEnd))
        {
            if (_begun.Count == 0)
            {
                base.OnText(payload[..end]);
            }
            else
            {
                _begun.AddRange(payload[..end]);
                base.OnText(CollectionsMarshal.AsSpan(_begun));
                _begun.Clear();
            }

            payload = payload[(end + 1)..];
        }

        _begun.AddRange(payload);
    }
}

/// <summary>A client of the relay in C, which knows pairs alone: the other number that differs in the last bit.</summary>
internal sealed class LimitClient : RelayClient
{
    protected override string Target => $"/?n={Number}";

    internal override string OfferTo(RelayClient target, string description) =>
        $$$"""{"type":"offer","target_id":"load{{{target.Number}}}","payload":{"type":"offer","sdp":"{{{description}}}"}}""";

    protected override void OnOpen() => IsReady = true;

    protected override void OnGreeting(ReadOnlySpan<byte> payload) => throw new InvalidOperationException("The limit greets nobody.");
}

/// <summary>A client of a server that only echoes.</summary>
internal sealed class EchoClient : RelayClient
{
    protected override string Target => "/plain";

    internal override string OfferTo(RelayClient target, string description) => description;

    protected override void OnOpen() => SendText("here");

    protected override void OnGreeting(ReadOnlySpan<byte> payload) => IsReady = payload.SequenceEqual("here"u8);
}
