using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Clearway.Signaling.Tests.Driver;
using Clearway.Storage.V1;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using Role = Clearway.Auth.V1.Role;

namespace Clearway.Signaling.Tests;

/// <summary>Recording orders, and the signed messages with which storage announces a recording.</summary>
public class RecordingTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    [Fact]
    public async Task Recording_ByTheOrganizer_IsSeenOnAllNodesAndByWhoComesLater()
    {
        await using var ada = await shared.Gateway.JoinAsync("record", "Ada", Role.Organizer);
        await using var grace = await shared.Gateway.JoinAsync("record", "Grace", Role.Moderator, node: 1);

        await ada.SendAsync("""{"type":"control_frame","command":"START_RECORD"}""");
        var started = await grace.ExpectAsync("record_started");
        var id = (string)started["recording_id"]!;
        Assert.Matches("^[0-9a-hjkmnp-tv-z]{26}$", id);
        Assert.Equal(id, (string)(await ada.ExpectAsync("record_started"))["recording_id"]!);

        await grace.SendAsync("""{"type":"control_frame","command":"START_RECORD"}""");
        Assert.Equal("already_recording", (string?)(await grace.ExpectAsync("error"))["code"]);
        await using var alan = await shared.Gateway.JoinAsync("record", "Alan", node: 1);
        Assert.Equal(id, (string)alan.Welcome["recording"]!["recording_id"]!);
        await alan.SendAsync("""{"type":"control_frame","command":"STOP_RECORD"}""");
        Assert.Equal("role_forbidden", (string?)(await alan.ExpectAsync("error"))["code"]);

        await grace.SendAsync("""{"type":"control_frame","command":"STOP_RECORD"}""");
        Assert.Equal(id, (string)(await ada.ExpectAsync("record_stopped"))["recording_id"]!);
        await grace.SendAsync("""{"type":"control_frame","command":"STOP_RECORD"}""");
        Assert.Equal("not_recording", (string?)(await grace.ExpectAsync("error"))["code"]);
    }

    [Fact]
    public async Task Recording_OfSomebodyWhoIsOutByNow_IsAnnouncedToNobody()
    {
        await using var gateway = await Gateway.StartAsync(settings: ("Signaling:SyncInterval", "01:00:00"));
        await using var ada = await gateway.JoinAsync("out", "Ada", Role.Organizer);
        await using var grace = await gateway.JoinAsync("out", "Grace", Role.Moderator);

        // As while storage takes its time, and the kick has not reached her node.
        using var redis = await ConnectionMultiplexer.ConnectAsync(gateway.Redis.ConnectionString);
        await redis.GetDatabase().HashDeleteAsync("clearway:room:{out}:roster", "p-grace");
        await grace.SendAsync("""{"type":"control_frame","command":"START_RECORD"}""");

        Assert.Equal("role_forbidden", (string?)(await grace.ExpectAsync("error"))["code"]);
        Assert.DoesNotContain("record_started", ada.Types);
        Assert.Empty(gateway.Storage.Opened);
    }

    [Fact]
    public async Task Recording_OnceAnnounced_IsKnownToStorage()
    {
        await using var ada = await shared.Gateway.JoinAsync("opened", "Ada", Role.Organizer);

        await ada.SendAsync("""{"type":"control_frame","command":"START_RECORD"}""");
        var id = (string)(await ada.ExpectAsync("record_started"))["recording_id"]!;

        var opened = shared.Gateway.Storage.Opened[id];
        Assert.Equal(
            ("default", "opened", "Weekly", "p-ada", "Ada", RecordingKind.Meeting),
            (opened.Tenant, opened.Room, opened.Title, opened.RecordedBy, opened.RecordedByName, opened.Kind));
    }

    [Fact]
    public async Task Recording_WhileStorageIsAway_IsRefusedAndAnnouncedToNobody()
    {
        await using var ada = await shared.Gateway.JoinAsync("away", "Ada", Role.Organizer);
        shared.Gateway.Storage.IsDown = true;
        try
        {
            await ada.SendAsync("""{"type":"control_frame","command":"START_RECORD"}""");
            Assert.Equal("unavailable", (string?)(await ada.ExpectAsync("error"))["code"]);
        }
        finally
        {
            shared.Gateway.Storage.IsDown = false;
        }

        await using var grace = await shared.Gateway.JoinAsync("away", "Grace", node: 1);
        Assert.Null(grace.Welcome["recording"]);
    }

    [Fact]
    public async Task Recording_OfATenantWithoutRoomForIt_IsRefused()
    {
        await using var ada = await shared.Gateway.JoinAsync(StorageDouble.FullRoom, "Ada", Role.Organizer);

        await ada.SendAsync("""{"type":"control_frame","command":"START_RECORD"}""");

        Assert.Equal("storage_full", (string?)(await ada.ExpectAsync("error"))["code"]);
    }

    [Fact]
    public async Task Recording_OrderedByManyAtOnce_LeavesOneInStorage()
    {
        var moderators = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => shared.Gateway.JoinAsync("race", $"Mod{i}", Role.Moderator, node: i % 2)));

        await Task.WhenAll(moderators.Select(one => one.SendAsync("""{"type":"control_frame","command":"START_RECORD"}""")));
        var id = (string)(await moderators[0].ExpectAsync("record_started"))["recording_id"]!;

        await Eventually.TrueAsync(
            () => shared.Gateway.Storage.Opened.Values.Where(opened => opened.Room == "race").Select(opened => opened.Id).SequenceEqual([id]),
            "what lost the race is gone");
        foreach (var one in moderators)
        {
            await one.DisposeAsync();
        }
    }

    [Fact]
    public async Task OwnTrack_OfAParticipant_IsGrantedToThemAloneAndAudited()
    {
        const string Policy = "8,45,tracks";
        await using var ada = await shared.Gateway.JoinAsync("tracks", "Ada", Role.Organizer, opening: Policy);
        await using var grace = await shared.Gateway.JoinAsync("tracks", "Grace", node: 1, opening: Policy);
        await ada.SendAsync("""{"type":"control_frame","command":"START_RECORD"}""");
        var meeting = (string)(await grace.ExpectAsync("record_started"))["recording_id"]!;

        await grace.SendAsync("""{"type":"control_frame","command":"RECORD_OWN_TRACK"}""");
        var track = (string)(await grace.ExpectAsync("own_track_granted"))["recording_id"]!;

        var opened = shared.Gateway.Storage.Opened[track];
        Assert.Equal(
            ("Weekly", "p-grace", "Grace", RecordingKind.Track),
            (opened.Title, opened.RecordedBy, opened.RecordedByName, opened.Kind));
        Assert.NotEqual(meeting, track);
        Assert.Single(shared.Gateway.Audit.Of("tracks"), audit =>
            (audit["Command"], audit["Participant"], audit["Code"]) == ("RECORD_OWN_TRACK", "p-grace", null));

        await grace.SendAsync("""{"type":"control_frame","command":"RECORD_OWN_TRACK"}""");
        var soon = await grace.ExpectAsync("error");
        Assert.Equal("own_track_rate", (string?)soon["code"]);
        Assert.InRange((int)soon["retry_after_ms"]!, 1, 5_000);

        await ada.SendAsync("""{"type":"control_frame","command":"STOP_RECORD"}""");
        Assert.Equal(meeting, (string)(await grace.ExpectAsync("record_stopped"))["recording_id"]!);
        await ada.SendAsync("""{"type":"leave"}""");
        Assert.DoesNotContain(await ada.RestAsync(), frame => (string?)frame["type"] == "own_track_granted");
    }

    [Theory]
    [InlineData(Role.Participant, "8,45", "own_tracks_forbidden")]
    [InlineData(Role.Organizer, "8,45", "own_tracks_forbidden")]
    [InlineData(Role.Observer, "8,45,tracks", "role_forbidden")]
    public async Task OwnTrack_WhereRoleOrPolicyForbidsIt_IsRefused(Role role, string policy, string code)
    {
        await using var one = await shared.Gateway.JoinAsync($"notracks{role}", "Alan", role, opening: policy);

        await one.SendAsync("""{"type":"control_frame","command":"RECORD_OWN_TRACK"}""");

        Assert.Equal(code, (string?)(await one.ExpectAsync("error"))["code"]);
        Assert.DoesNotContain(shared.Gateway.Storage.Opened.Values, opened => opened.Room == $"notracks{role}");
    }

    [Fact]
    public async Task Recording_OfSomebodyWhoLeaves_Ends()
    {
        await using var ada = await shared.Gateway.JoinAsync("leaver", "Ada", Role.Organizer);
        await using var grace = await shared.Gateway.JoinAsync("leaver", "Grace", node: 1);
        await ada.SendAsync("""{"type":"control_frame","command":"START_RECORD"}""");
        await grace.ExpectAsync("record_started");

        await ada.SendAsync("""{"type":"leave"}""");

        await grace.ExpectAsync("record_stopped");
    }

    [Fact]
    public async Task SystemMessage_SignedForTheRoom_IsBroadcastOnceByteForByte()
    {
        const string Data = """{"kind":"recording", "room":"system","recording_id":"01k5pzbg0a7v3qd9xw4tz2m8nc","size_bytes":1.0}""";
        await using var ada = await shared.Gateway.JoinAsync("system", "Ada", Role.Organizer);
        await using var grace = await shared.Gateway.JoinAsync("system", "Grace", node: 1);
        await ada.ExpectAsync("peer-joined");

        await ada.SendAsync(Chat(Data, Sign(Data)));
        var frame = Encoding.UTF8.GetString(await grace.ExpectBytesAsync("chat_broadcast"));
        Assert.Contains("\"system\":" + Data + ",\"security\":\"" + Sign(Data) + "\"", frame, StringComparison.Ordinal);

        await ada.SendAsync(Chat(Data, Sign(Data)));
        await grace.SendAsync(Chat(Data, Sign(Data)));
        await grace.SayAsync("end");
        await ada.ExpectAsync("chat_broadcast", line => line["system"] is not null);
        Assert.Equal("end", (string?)(await ada.ExpectAsync("chat_broadcast"))["text"]);
        await Eventually.TrueAsync(
            () => shared.Gateway.Chat.Stored.Any(message => message.SystemData == Data), "the announcement is stored");
    }

    [Fact]
    public async Task SystemMessage_ThatRedisNotedTooLate_IsToldWhenItIsRepeatedAndThenNoMore()
    {
        const string Data = """{"kind":"recording","room":"late","recording_id":"01k5pzbg0a7v3qd9xw4tz2m8nd"}""";
        await using var gateway = await Gateway.StartAsync();
        await using var ada = await gateway.JoinAsync("late", "Ada");
        await gateway.Redis.FreezeAsync();
        await ada.SendAsync(Chat(Data, Sign(Data)));
        var refusal = await ada.ExpectAsync("error");
        await gateway.Redis.ThawAsync();
        using var redis = await ConnectionMultiplexer.ConnectAsync(gateway.Redis.ConnectionString);
        var server = redis.GetServer(redis.GetEndPoints()[0]);
        await Eventually.TrueAsync(() => server.Keys(pattern: "clearway:room:*:announced:*").Any(), "Redis has taken note of it");

        for (var i = 0; i < 3; i++)
        {
            await ada.SendAsync(Chat(Data, Sign(Data)));
        }

        await ada.SayAsync("end");

        Assert.Equal("unavailable", (string?)refusal["code"]);
        Assert.Equal(Data, (await ada.ExpectAsync("chat_broadcast"))["system"]!.ToJsonString());
        Assert.Equal("end", (string?)(await ada.ExpectAsync("chat_broadcast"))["text"]);
    }

    [Theory]
    [InlineData("""{"kind":"recording","room":"elsewhere","recording_id":"x"}""", true)]
    [InlineData("""{"kind":"recording","room":"forged","recording_id":"x"}""", false)]
    [InlineData("""["forged"]""", true)]
    [InlineData("""{"room":"forged",""", true)]
    public async Task SystemMessage_ForAnotherRoomOrForged_IsRefused(string data, bool isSigned)
    {
        await using var ada = await shared.Gateway.JoinAsync("forged", "Ada" + data.Length, Role.Organizer, id: "p-ada" + data.Length);

        await ada.SendAsync(Chat(data, isSigned ? Sign(data) : new string('0', 64)));

        Assert.Equal("system_message_forged", (string?)(await ada.ExpectAsync("error"))["code"]);
    }

    [Fact]
    public async Task SystemMessage_Forged_IsCounted()
    {
        await using var ada = await shared.Gateway.JoinAsync("counted", "Ada", Role.Organizer);
        var meters = shared.Gateway.Nodes[0].Services.GetRequiredService<IMeterFactory>();
        var forged = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "clearway.signaling.system_messages" && ReferenceEquals(instrument.Meter.Scope, meters))
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
            forged += tags.ToArray().Contains(new("outcome", "forged")) ? count : 0);
        listener.Start();

        await ada.SendAsync(Chat("{}", new string('0', 64)));
        await ada.ExpectAsync("error");

        Assert.Equal(1, forged);
    }

    private static string Chat(string data, string security) =>
        $$"""{"type":"chat","system_data":{{JsonSerializer.Serialize(data)}},"security":"{{security}}"}""";

    private static string Sign(string data) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Gateway.SystemMessageKey), Encoding.UTF8.GetBytes(data)));
}
