using System.Text.Json;
using Clearway.Chat.V1;
using Clearway.Signaling.Framing;
using Clearway.Signaling.Rooms;

namespace Clearway.Signaling.Protocol;

/// <summary>
/// A frame to a browser, written once however many receive it.
/// </summary>
/// <param name="Bytes">UTF-8 JSON.</param>
/// <param name="IsKept">
/// Whether somebody who is away gets it after resuming. Frames about the room's state are not kept: the next <c>welcome</c> tells it.
/// </param>
internal readonly partial record struct ServerFrame(ReadOnlyMemory<byte> Bytes, bool IsKept)
{
    /// <summary>An offer, answer or candidate as a frame of its own, for a recipient on another node.</summary>
    internal static ServerFrame Relay(RelayKind kind, ParticipantId sender, ReadOnlyMemory<byte> payload) =>
        new(RelayBytes(kind, RelayHead(sender), payload.Span).ToArray(), IsKept: true);

    /// <summary>An offer, answer or candidate in pieces: the sender's bytes between ours.</summary>
    internal static FrameBytes RelayBytes(RelayKind kind, ReadOnlySpan<byte> head, ReadOnlySpan<byte> payload) => new(
        kind switch
        {
            RelayKind.Offer => """{"type":"offer","sender_id":"""u8,
            RelayKind.Answer => """{"type":"answer","sender_id":"""u8,
            _ => """{"type":"candidate","sender_id":"""u8,
        },
        head,
        payload,
        "}"u8);

    /// <summary>What stands between a relayed frame's type and its payload.</summary>
    internal static byte[] RelayHead(ParticipantId sender) =>
        [.. "\""u8, .. JsonEncodedText.Encode(sender.Value, FrameWriter.Options.Encoder).EncodedUtf8Bytes, .. "\",\"payload\":"u8];

    internal static ServerFrame Welcome(Welcome welcome) => Write("welcome", json => welcome.WriteTo(json));

    internal static ServerFrame PeerJoined(RosterEntry entry) => Write("peer-joined", json => Participant(json, "participant", entry));

    internal static ServerFrame PeerUpdated(RosterEntry entry) => Write("peer-updated", json => Participant(json, "participant", entry));

    internal static ServerFrame PeerLeft(ParticipantId id, string reason) => Write("peer-left", json =>
    {
        json.WriteString("id", id.Value);
        json.WriteString("reason", reason);
    });

    internal static ServerFrame PeerAway(ParticipantId id) => Write("peer-away", json => json.WriteString("id", id.Value));

    internal static ServerFrame PeerBack(ParticipantId id) => Write("peer-back", json => json.WriteString("id", id.Value));

    /// <summary>A line of chat.</summary>
    internal static ServerFrame ChatBroadcast(ChatMessage message) =>
        Write("chat_broadcast", json => Message(json, message), isKept: true);

    /// <summary>The same frame with one member more, for one of its receivers: the rest is not written again.</summary>
    internal ServerFrame WithMember(string name, string value)
    {
        using var member = FrameWriter.Rent();
        member.Json.WriteStartObject();
        member.Json.WriteString(name, value);
        member.Json.WriteEndObject();
        return this with { Bytes = (byte[])[.. Bytes.Span[..^1], (byte)',', .. member.Written[1..]] };
    }

    internal static ServerFrame ChatEdited(MessageChange change, string text) => Write(
        "chat_edited",
        json =>
        {
            json.WriteString("id", change.MessageId);
            json.WriteString("text", text);
            json.WriteString("html", ChatText.ToHtml(text));
            json.WriteNumber("edited_at", change.At);
            json.WriteString("by", change.By);
        },
        isKept: true);

    internal static ServerFrame ChatDeleted(MessageChange change) => Write(
        "chat_deleted",
        json =>
        {
            json.WriteString("id", change.MessageId);
            json.WriteNumber("deleted_at", change.At);
            json.WriteString("by", change.By);
        },
        isKept: true);

    internal static ServerFrame Reaction(ReactRequest request) => Write(
        "reaction",
        json =>
        {
            json.WriteString("message_id", request.Change.MessageId);
            json.WriteString("sender_id", request.Change.By);
            json.WriteString("emoji", request.Emoji);
            json.WriteBoolean("on", request.On);
        },
        isKept: true);

    internal static ServerFrame RecordStarted(Recording recording) => Write("record_started", json =>
    {
        json.WriteString("recording_id", recording.Id);
        json.WriteString("by", recording.By.Value);
        json.WriteNumber("started_at", recording.StartedAt);
    });

    /// <summary>To whoever may record themselves now, and nobody else.</summary>
    internal static ServerFrame OwnTrackGranted(string recordingId) =>
        Write("own_track_granted", json => json.WriteString("recording_id", recordingId));

    internal static ServerFrame RecordStopped(Recording recording, long stoppedAt) => Write("record_stopped", json =>
    {
        json.WriteString("recording_id", recording.Id);
        json.WriteString("by", recording.By.Value);
        json.WriteNumber("stopped_at", stoppedAt);
    });

    /// <summary>Whom everybody shows large from now on, or that nobody is.</summary>
    internal static ServerFrame Speaker(RoomOrders orders) => orders.Speaker.Length > 0
        ? Write("focus_speaker", json =>
        {
            json.WriteString("id", orders.Speaker);
            json.WriteString("by", orders.SpeakerBy);
        })
        : Write("reset_speaker", json => json.WriteString("by", orders.SpeakerBy));

    /// <summary>An order that was obeyed, as it was given and proven: participants hold to it whatever else they are told.</summary>
    internal static ServerFrame Order(ClientMessage.Control order, ParticipantId by) => Write("order", json =>
    {
        json.WriteString("command", order.Command.Text());
        json.WriteString("target_id", order.TargetId);
        json.WriteBoolean("locked", order.Locked ?? false);
        json.WriteString("by", by.Value);
        json.WriteString("proof", order.Proof);
    });

    /// <summary>A medium was switched off; <paramref name="target"/> null means all but organizers and moderators.</summary>
    internal static ServerFrame ForceMute(string? target, string medium, bool isLocked, ParticipantId by) => Write("force_mute", json =>
    {
        json.WriteString("target_id", target);
        json.WriteString("media", medium);
        json.WriteBoolean("locked", isLocked);
        json.WriteString("by", by.Value);
    });

    /// <summary>A medium is allowed again; <paramref name="target"/> null means everybody's.</summary>
    internal static ServerFrame AllowMedia(string? target, string medium, ParticipantId by) => Write("allow_media", json =>
    {
        json.WriteString("target_id", target);
        json.WriteString("media", medium);
        json.WriteString("by", by.Value);
    });

    internal static ServerFrame ForceKick(string target, string by) => Write("force_kick", json =>
    {
        json.WriteString("target_id", target);
        json.WriteString("by", by);
    });

    internal static ServerFrame Pointer(ParticipantId id, double x, double y) => Write("pointer", json =>
    {
        json.WriteString("id", id.Value);
        json.WriteNumber("x", x);
        json.WriteNumber("y", y);
    });

    internal static ServerFrame Gesture(ParticipantId id, string emoji) => Write("gesture", json =>
    {
        json.WriteString("id", id.Value);
        json.WriteString("emoji", emoji);
    });

    internal static ServerFrame Error(Refusal refusal, string? type) => Error(refusal.Code, refusal.Message, refusal.RetryAfterMs, type);

    internal static ServerFrame Error(CloseReason reason) => Error(reason.Code, reason.Message, reason.RetryAfterMs, null);

    /// <summary>The participant as every frame shows it.</summary>
    internal static void WriteParticipant(Utf8JsonWriter json, RosterEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("id", entry.Id.Value);
        json.WriteString("name", entry.Presence.Name);
        json.WriteString("role", entry.Presence.Role.Text());
        json.WriteBoolean("audio", entry.Presence.Audio);
        json.WriteBoolean("video", entry.Presence.Video);
        json.WriteBoolean("screen", entry.Presence.Screen);
        json.WriteBoolean("away", entry.IsAway);
        WriteOrdered(json, entry.Presence);
        json.WriteEndObject();
    }

    /// <summary>The raised hand, and what is locked by order.</summary>
    internal static void WriteOrdered(Utf8JsonWriter json, Presence presence)
    {
        json.WriteNumber("hand", presence.Hand);
        json.WriteBoolean("audio_locked", presence.AudioLocked);
        json.WriteBoolean("video_locked", presence.VideoLocked);
    }

    private static void Participant(Utf8JsonWriter json, string name, RosterEntry entry)
    {
        json.WritePropertyName(name);
        WriteParticipant(json, entry);
    }

    private static void Message(Utf8JsonWriter json, ChatMessage message)
    {
        json.WriteString("id", message.Id);
        if (message.SystemData.Length > 0)
        {
            // The bytes that were signed, so that `security` stays true of them.
            json.WritePropertyName("system");
            json.WriteRawValue(message.SystemData, skipInputValidation: false);
            json.WriteString("security", message.Security);
        }
        else
        {
            json.WriteString("sender_id", message.SenderId);
            json.WriteString("sender_name", message.SenderName);
            if (message.DeletedAt == 0)
            {
                json.WriteString("text", message.Text);
                json.WriteString("html", ChatText.ToHtml(message.Text));
            }
        }

        json.WriteNumber("sent_at", message.SentAt);
        WriteChanges(json, message);
    }

    private static void WriteChanges(Utf8JsonWriter json, ChatMessage message)
    {
        if (message.EditedAt != 0)
        {
            json.WriteNumber("edited_at", message.EditedAt);
        }

        if (message.DeletedAt != 0)
        {
            json.WriteNumber("deleted_at", message.DeletedAt);
        }

        if (message.Reactions.Count == 0)
        {
            return;
        }

        json.WriteStartArray("reactions");
        foreach (var reaction in message.Reactions)
        {
            json.WriteStartObject();
            json.WriteString("emoji", reaction.Emoji);
            json.WriteStartArray("by");
            foreach (var participant in reaction.Participants)
            {
                json.WriteStringValue(participant);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static ServerFrame Error(string code, string message, int? retryAfterMs, string? type) => Write("error", json =>
    {
        json.WriteString("code", code);
        json.WriteString("message", message);
        if (retryAfterMs is { } wait)
        {
            json.WriteNumber("retry_after_ms", wait);
        }

        if (type is not null)
        {
            json.WriteString("ref", type);
        }
    });

    private static ServerFrame Write(string type, Action<Utf8JsonWriter> members, bool isKept = false)
    {
        using var writer = FrameWriter.Rent();
        var json = writer.Json;
        json.WriteStartObject();
        json.WriteString("type", type);
        members(json);
        json.WriteEndObject();
        return new ServerFrame(writer.Written.ToArray(), isKept);
    }
}
