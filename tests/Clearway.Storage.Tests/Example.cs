using Clearway.Storage.Recordings;
using Clearway.Storage.V1;

namespace Clearway.Storage.Tests;

/// <summary>Recordings to test with.</summary>
internal static class Example
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>Who made the examples, and may have them.</summary>
    public static readonly Access Access = new() { Tenant = "default" };

    /// <summary>An id that no other test uses.</summary>
    public static RecordingId Id()
    {
        var text = string.Concat(Enumerable.Range(0, 26).Select(_ => Alphabet[Random.Shared.Next(Alphabet.Length)]));
        Assert.True(RecordingId.TryParse(text, out var id));
        return id;
    }

    public static StoredRecording Recording(RecordingId id) => new()
    {
        Id = id,
        Tenant = new TenantId("default"),
        Room = new RoomId("r7k2m9qxw4tz"),
        Title = "Weekly",
        RecordedBy = new ParticipantId("p-ada"),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1790000000000),
    };

    public static CreateRequest Creation(RecordingId id) => new()
    {
        Id = id.Value,
        Tenant = "default",
        Room = "r7k2m9qxw4tz",
        Title = "Weekly",
        RecordedBy = "p-ada",
    };
}
