using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Clearway.ServiceDefaults;
using Clearway.Storage.Links;
using Clearway.Storage.V1;
using Microsoft.Extensions.Options;

namespace Clearway.Storage.Tests.Links;

public sealed class SystemMessagesTests
{
    private const string Key = "the key that the gateway has as well";

    [Fact]
    public void Announce_SignsExactlyTheBytesItGives()
    {
        var recording = Example.Recording(Example.Id()) with
        {
            Title = "Планёрка <b>\"1\"</b>",
            State = RecordingState.Sealed,
            SizeBytes = 5,
            Duration = TimeSpan.FromSeconds(61),
            SealedAt = DateTimeOffset.FromUnixTimeMilliseconds(1790000061000),
        };

        var messages = new SystemMessages(Options.Create(new SystemMessageOptions { Key = Key }));
        var (data, security) = messages.Announce(recording, "/api/v1/records/x");

        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes(data));
        Assert.Equal(Convert.ToHexStringLower(expected), security);
        using var json = JsonDocument.Parse(data);
        Assert.Equal("recording", json.RootElement.GetProperty("kind").GetString());
        Assert.Equal(recording.Room.Value, json.RootElement.GetProperty("room").GetString());
        Assert.Equal(recording.Id.Value, json.RootElement.GetProperty("recording_id").GetString());
        Assert.Equal(recording.Title, json.RootElement.GetProperty("title").GetString());
        Assert.Equal(5, json.RootElement.GetProperty("size_bytes").GetInt64());
        Assert.Equal(61_000, json.RootElement.GetProperty("duration_ms").GetInt64());
        Assert.Equal("/api/v1/records/x", json.RootElement.GetProperty("link").GetString());
        Assert.Equal(1790000061000, json.RootElement.GetProperty("sealed_at").GetInt64());
    }
}
