using System.Text.Json.Nodes;
using Clearway.Chat.V1;
using Clearway.Signaling.Protocol;
using Clearway.Signaling.Rooms;
using IceServer = Clearway.Auth.V1.IceServer;

namespace Clearway.Signaling.Tests;

/// <summary>The golden files of tests/wire, which the browser client's tests read as well.</summary>
public class GoldenFrameTests
{
    private const string Proof = "MIIB.MIIC.bm9uY2U=.1790000000000.c2lnbmF0dXJl";

    private const long Start = 1790000000000;
    private const string Sdp = "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "wire");
    private static readonly RosterEntry Ada = Entry("p-ada", "Ada", Role.Organizer, video: false, screen: true);
    private static readonly RosterEntry Grace = Entry("p-grace", "Grace", Role.Participant, video: true, screen: false);
    private static readonly Recording Recording = new("01k5pzbg0a7v3qd9xw4tz2m8nc", Ada.Id, Start);

    private static readonly RoomId RoomId = new("r7k2m9qxw4tz");
    private static readonly RoomPolicy Policy = new(8, 30, Deadline: Start + 1_800_000);
    private static readonly Knock Alan = new(new ParticipantId("p-alan"), "Alan", 1);

    public static TheoryData<string> ClientFiles => [.. Names("client.*")];

    public static TheoryData<string> ServerFiles => [.. Names("server.*")];

    [Theory]
    [MemberData(nameof(ClientFiles))]
    public void ClientFrame_OfEachGoldenFile_IsRead(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Folder, name + ".json"));
        var frame = ClientFrameReader.Read(bytes);

        Assert.Null(frame.Refusal);
        var golden = JsonNode.Parse(bytes)!.AsObject();
        Assert.Equal((string)golden["type"]!, frame.Type);
        if (frame.Message is ClientMessage.Relay relay)
        {
            Assert.Equal((frame.Type, "p-grace"), (relay.Kind.ToString().ToLowerInvariant(), relay.TargetId));
            Assert.True(JsonNode.DeepEquals(golden["payload"], JsonNode.Parse(relay.Payload.Span)));
            return;
        }

        ClientMessage expected = name switch
        {
            "client.join" => new ClientMessage.Join("eyJhbGciOiJFUzI1NiJ9.e30.c2ln", null, 8, 30),
            "client.join-lacks_history" =>
                new ClientMessage.Join("eyJhbGciOiJFUzI1NiJ9.e30.c2ln", "c-5v2k9q7d3m1x8z4t6b0n2p4r", null, null, 0, LacksHistory: true),
            "client.join-resume" => new ClientMessage.Join("eyJhbGciOiJFUzI1NiJ9.e30.c2ln", "c-5v2k9q7d3m1x8z4t6b0n2p4r", null, null, 12),
            "client.chat" => new ClientMessage.Chat("2 < 3 & \"so on\" 👋", "local-1"),
            "client.chat_edit" => new ClientMessage.ChatEdit(new Guid(Line().Id), "2 < 3 & \"so on\" 👋"),
            "client.chat_delete" => new ClientMessage.ChatDelete(new Guid(Line().Id)),
            "client.reaction" => new ClientMessage.Reaction(new Guid(Line().Id), "👍", IsOn: true),
            "client.chat-system" => new ClientMessage.SystemChat((string)golden["system_data"]!, (string)golden["security"]!),
            "client.media_state" => new ClientMessage.MediaState(Audio: true, Video: false, Screen: true),
            "client.control_frame" => new ClientMessage.Control(ControlCommand.StartRecord),
            "client.control_frame-own" => new ClientMessage.Control(ControlCommand.RecordOwnTrack),
            "client.control_frame-stop" => new ClientMessage.Control(ControlCommand.StopRecord),
            "client.control_frame-extend" => new ClientMessage.Control(ControlCommand.Extend, Minutes: 15),
            "client.control_frame-lock" => new ClientMessage.Control(ControlCommand.LockRoom, Locked: true),
            "client.control_frame-admit" => new ClientMessage.Control(ControlCommand.Admit, "p-grace"),
            "client.renew" => new ClientMessage.Renew("eyJhbGciOiJFUzI1NiJ9.e30.c2ln"),
            "client.control_frame-mute" => new ClientMessage.Control(ControlCommand.MuteAudio, "p-grace", Locked: true),
            "client.control_frame-proof" => new ClientMessage.Control(ControlCommand.GlobalMuteAudio, Locked: true, Proof: Proof),
            "client.control_frame-kick" => new ClientMessage.Control(ControlCommand.KickPeer, "p-grace", Reason: "spam"),
            "client.raise_hand" => new ClientMessage.RaiseHand(true),
            "client.pointer" => new ClientMessage.Pointer(0.25, 1),
            "client.gesture" => new ClientMessage.Gesture("👏"),
            "client.quality" => new ClientMessage.Quality("p-grace", 42, 7, 0.025, 512, 480, "relay", 3.88, "loss"),
            "client.leave" => new ClientMessage.Leave(),
            _ => throw new InvalidOperationException($"{name} is not expected: add it here"),
        };
        Assert.Equal(expected, frame.Message);
    }

    [Theory]
    [MemberData(nameof(ServerFiles))]
    public void ServerFrame_OfEachGoldenFile_IsWritten(string name)
    {
        var golden = JsonNode.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json")))!;
        var written = Write(name, golden);

        var json = JsonNode.Parse(written.Bytes.Span)!;
        Assert.True(JsonNode.DeepEquals(golden, json), $"expected {golden.ToJsonString()}\nbut wrote {json.ToJsonString()}");
    }

    private static ServerFrame Write(string name, JsonNode golden) => name switch
    {
        "server.welcome" => ServerFrame.Welcome(Welcome(isResumed: false)),
        "server.welcome-resumed" => ServerFrame.Welcome(Welcome(isResumed: true) with { Knocking = [Alan], Received = 7 }),
        "server.welcome-recording" => ServerFrame.Welcome(
            Welcome(isResumed: false) with { Self = Grace, Others = [Ada], Knocking = null, IceServers = [], Recording = Recording, Speaker = "p-ada" }),
        "server.peer-joined" => ServerFrame.PeerJoined(Grace),
        "server.peer-left" => ServerFrame.PeerLeft(Grace.Id, "left"),
        "server.peer-left-timeout" => ServerFrame.PeerLeft(Grace.Id, "timeout"),
        "server.peer-left-room_closed" => ServerFrame.PeerLeft(Grace.Id, "room_closed"),
        "server.peer-away" => ServerFrame.PeerAway(Grace.Id),
        "server.peer-back" => ServerFrame.PeerBack(Grace.Id),
        "server.peer-updated" => ServerFrame.PeerUpdated(Grace with { Presence = Grace.Presence with { Video = false, Screen = true, Hand = Start + 30_000, VideoLocked = true } }),
        "server.offer" => ServerFrame.Relay(RelayKind.Offer, Ada.Id, Payload(golden)),
        "server.answer" => ServerFrame.Relay(RelayKind.Answer, Ada.Id, Payload(golden)),
        "server.candidate" => ServerFrame.Relay(RelayKind.Candidate, Ada.Id, Payload(golden)),
        "server.chat_broadcast" => ServerFrame.ChatBroadcast(Line()),
        "server.chat_broadcast-own" => ServerFrame.ChatBroadcast(Line()).WithMember("client_id", "local-1"),
        "server.chat_broadcast-system" => ServerFrame.ChatBroadcast(Announcement()),
        "server.chat_broadcast-file" => ServerFrame.ChatBroadcast(new ChatMessage
        {
            Id = "1c0e9b52-7a40-4d0b-9b65-2f6d1e0c8a47",
            SystemData = golden["system"]!.ToJsonString(),
            Security = (string)golden["security"]!,
            SentAt = Start + 1_000,
        }),
        "server.chat_history" => ServerFrame.ChatHistory(
            new GetPageResponse { Messages = { Line(41), Announcement(42) }, NextBefore = 41 }),
        "server.chat_history-changed" => ServerFrame.ChatHistory(new GetPageResponse { Messages = { Edited(), Deleted() } }),
        "server.chat_edited" => ServerFrame.ChatEdited(Change(), Line().Text),
        "server.chat_deleted" => ServerFrame.ChatDeleted(Change()),
        "server.reaction" => ServerFrame.Reaction(new ReactRequest { Change = Change(), Emoji = "👍", On = true }),
        "server.reaction-off" => ServerFrame.Reaction(new ReactRequest { Change = Change(), Emoji = "👍", On = false }),
        "server.record_started" => ServerFrame.RecordStarted(Recording),
        "server.own_track_granted" => ServerFrame.OwnTrackGranted(Recording.Id),
        "server.record_stopped" => ServerFrame.RecordStopped(Recording, Start + 61_000),
        "server.peer-left-kicked" => ServerFrame.PeerLeft(Grace.Id, "kicked"),
        "server.focus_speaker" => ServerFrame.Speaker(RoomOrders.None with { Speaker = "p-grace", SpeakerBy = "p-ada" }),
        "server.reset_speaker" => ServerFrame.Speaker(RoomOrders.None with { SpeakerBy = "p-ada" }),
        "server.force_mute" => ServerFrame.ForceMute("p-grace", "audio", isLocked: false, Ada.Id),
        "server.force_mute-all" => ServerFrame.ForceMute(null, "video", isLocked: true, Ada.Id),
        "server.order" => ServerFrame.Order(new ClientMessage.Control(ControlCommand.MuteAudio, "p-grace", Locked: true, Proof: Proof), Ada.Id),
        "server.order-all" => ServerFrame.Order(new ClientMessage.Control(ControlCommand.GlobalMuteVideo, Proof: Proof), Ada.Id),
        "server.allow_media" => ServerFrame.AllowMedia("p-grace", "audio", Ada.Id),
        "server.allow_media-all" => ServerFrame.AllowMedia(null, "video", Ada.Id),
        "server.force_kick" => ServerFrame.ForceKick("p-grace", "p-ada"),
        "server.pointer" => ServerFrame.Pointer(Grace.Id, 0.25, 1),
        "server.gesture" => ServerFrame.Gesture(Grace.Id, "👏"),
        "server.room_closed" => ServerFrame.RoomClosed("expired"),
        "server.room_closed-ended" => ServerFrame.RoomClosed("ended"),
        "server.room_policy" => ServerFrame.RoomPolicy(
            Policy with { Locked = true, Lobby = true, WaitForModerator = true, OwnTracks = true, By = "p-ada" }, null, "p-ada"),
        "server.room_policy-advice" => ServerFrame.RoomPolicy(
            Policy with { MaxPeers = 100, By = "p-ada" }, BandwidthAdvice.For(Policy, 16, new AdviceOptions()), by: null),
        "server.room_paused" => ServerFrame.RoomPaused(Policy with { PausedAt = Start + 60_000, Deadline = Start + 18_060_000, By = "p-ada" }),
        "server.room_resumed" => ServerFrame.RoomResumed(Policy with { Deadline = Start + 1_860_000, By = "p-ada" }),
        "server.room_expiring" => ServerFrame.RoomExpiring(Start + 1_800_000, 5),
        "server.knocking" => ServerFrame.Wait(LobbyState.Knocking, RoomId, "Weekly"),
        "server.waiting_for_moderator" => ServerFrame.Wait(LobbyState.WaitingForModerator, RoomId, "Weekly"),
        "server.knock" => ServerFrame.Knock(Alan),
        "server.knock_gone" => ServerFrame.KnockGone(Alan.Id),
        "server.renewed" => ServerFrame.Renewed(Start + 600_000, Welcome(isResumed: false).IceServers),
        "server.error" => ServerFrame.Error(Refusal.TargetUnknown, "offer"),
        "server.error-chat_rate" => ServerFrame.Error(Refusal.ChatRate(TimeSpan.FromMilliseconds(120)), "chat"),
        "server.error-renewal_missed" => ServerFrame.Error(CloseReason.RenewalMissed),
        _ => throw new InvalidOperationException($"{name} is not expected: add it here"),
    };

    private static Welcome Welcome(bool isResumed) => new(
        Ada,
        RoomId,
        "Weekly",
        [Grace],
        Policy,
        null,
        [],
        new ResumeId("c-5v2k9q7d3m1x8z4t6b0n2p4r"),
        isResumed,
        [
            new IceServer { Urls = { "stun:turn.example.org:3478" } },
            new IceServer
            {
                Urls = { "turn:turn.example.org:3478?transport=udp", "turn:turn.example.org:3478?transport=tcp" },
                Username = "1790003600:p-ada",
                Credential = "c2VjcmV0",
            },
        ],
        null,
        "",
        Start);

    private static ChatMessage Line(long sequence = 0) => new()
    {
        Id = "4f0c6d2e-8f5b-4c57-9a35-0d3c1c1d6a11",
        SenderId = "p-ada",
        SenderName = "Ada",
        Text = "2 < 3 & \"so on\" 👋",
        SentAt = Start,
        Sequence = sequence,
    };

    private static MessageChange Change() => new() { MessageId = Line().Id, By = "p-ada", At = Start + 60_000 };

    private static ChatMessage Edited()
    {
        var line = Line(41);
        line.EditedAt = Start + 60_000;
        line.Reactions.Add(new Clearway.Chat.V1.Reaction { Emoji = "👍", Participants = { "p-grace", "p-ada" } });
        line.Reactions.Add(new Clearway.Chat.V1.Reaction { Emoji = "❤️", Participants = { "p-ada" } });
        return line;
    }

    private static ChatMessage Deleted() => new()
    {
        Id = Announcement().Id,
        SenderId = "p-ada",
        SenderName = "Ada",
        SentAt = Start,
        DeletedAt = Start + 60_000,
        Sequence = 42,
    };

    private static ChatMessage Announcement(long sequence = 0)
    {
        var signed = JsonNode.Parse(File.ReadAllBytes(Path.Combine(Folder, "client.chat-system.json")))!;
        return new ChatMessage
        {
            Id = "9b1f7a34-0c2d-4b8e-8a53-6f2f5d7e9c02",
            SystemData = (string)signed["system_data"]!,
            Security = (string)signed["security"]!,
            SentAt = Start + 61_000,
            Sequence = sequence,
        };
    }

    private static byte[] Payload(JsonNode golden)
    {
        Assert.True(golden["type"]!.GetValue<string>() == "candidate" || golden["payload"]!["sdp"]!.GetValue<string>() == Sdp);
        return System.Text.Encoding.UTF8.GetBytes(golden["payload"]!.ToJsonString());
    }

    private static RosterEntry Entry(string id, string name, Role role, bool video, bool screen) => new(
        new ParticipantId(id), "node", new ConnectionId("c"), 1, 1, 0, "", new Presence(name, role, Audio: true, video, screen));

    private static IEnumerable<string> Names(string pattern) =>
        Directory.GetFiles(Folder, pattern + ".json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);
}
