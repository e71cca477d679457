using System.Text.Json;
using Clearway.Signaling.Rooms;
using IceServer = Clearway.Auth.V1.IceServer;

namespace Clearway.Signaling.Protocol;

/// <summary>The answer to <c>join</c>: who one is, who is there, and what the room allows.</summary>
internal sealed record Welcome(
    RosterEntry Self,
    RoomId Room,
    string Title,
    IReadOnlyList<RosterEntry> Others,
    RoomPolicy Policy,
    BandwidthAdvice? Advice,
    IReadOnlyList<Knock>? Knocking,
    ResumeId Resume,
    bool IsResumed,
    IReadOnlyList<IceServer> IceServers,
    Recording? Recording,
    string Speaker,
    long ServerTime)
{
    /// <summary>Counted frames that this session has taken from the client, over all its connections.</summary>
    internal long Received { get; init; }

    /// <summary>Whether nothing is missing of what was for the client.</summary>
    internal bool IsComplete { get; init; } = true;

    internal void WriteTo(Utf8JsonWriter json)
    {
        json.WriteString("id", Self.Id.Value);
        json.WriteString("role", Self.Presence.Role.Text());
        json.WriteString("name", Self.Presence.Name);
        ServerFrame.WriteOrdered(json, Self.Presence);
        json.WriteStartObject("room");
        json.WriteString("id", Room.Value);
        json.WriteString("title", Title);
        json.WriteEndObject();
        json.WriteStartArray("participants");
        foreach (var other in Others)
        {
            ServerFrame.WriteParticipant(json, other);
        }

        json.WriteEndArray();
        ServerFrame.WritePolicy(json, Policy, Advice);
        WriteKnocking(json);
        json.WriteNumber("deadline", Policy.Deadline);
        json.WriteString("resume", Resume.Value);
        json.WriteBoolean("resumed", IsResumed);
        json.WriteNumber("received", Received);
        json.WriteBoolean("complete", IsComplete);
        WriteIceServers(json, IceServers);
        WriteRecording(json);
        json.WriteString("speaker", Speaker.Length > 0 ? Speaker : null);
        json.WriteNumber("server_time", ServerTime);
    }

    private void WriteKnocking(Utf8JsonWriter json)
    {
        if (Knocking is null)
        {
            return;
        }

        json.WriteStartArray("knocking");
        foreach (var knock in Knocking)
        {
            json.WriteStartObject();
            ServerFrame.WriteKnock(json, knock);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>ICE servers as <c>welcome</c> and <c>renewed</c> show them.</summary>
    internal static void WriteIceServers(Utf8JsonWriter json, IReadOnlyList<IceServer> servers)
    {
        json.WriteStartArray("ice_servers");
        foreach (var server in servers)
        {
            json.WriteStartObject();
            json.WriteStartArray("urls");
            foreach (var url in server.Urls)
            {
                json.WriteStringValue(url);
            }

            json.WriteEndArray();
            if (server.Username.Length > 0)
            {
                json.WriteString("username", server.Username);
                json.WriteString("credential", server.Credential);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteRecording(Utf8JsonWriter json)
    {
        if (Recording is null)
        {
            json.WriteNull("recording");
            return;
        }

        json.WriteStartObject("recording");
        json.WriteString("recording_id", Recording.Id);
        json.WriteString("by", Recording.By.Value);
        json.WriteNumber("started_at", Recording.StartedAt);
        json.WriteEndObject();
    }
}
