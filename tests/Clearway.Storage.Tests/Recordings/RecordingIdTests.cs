using Clearway.Storage.Recordings;
using Clearway.Testing;

namespace Clearway.Storage.Tests.Recordings;

public sealed class RecordingIdTests
{
    [Theory]
    [InlineData("01k5pzbg0a7v3qd9xw4tz2m8nc")]
    [InlineData("00000000000000000000000000")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzz")]
    public void TryParse_OfAnId_KeepsIt(string text)
    {
        Assert.True(RecordingId.TryParse(text, out var id));
        Assert.Equal($"{text}/media.webm", id.MediaBlob);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("..%2f..%2f..%2f..%2fetc%2fpa")]
    [InlineData("../../../../../etc/passwd0")]
    [InlineData("01k5pzbg0a7v3qd9xw4tz2m8n")]
    [InlineData("01k5pzbg0a7v3qd9xw4tz2m8ncc")]
    [InlineData("01K5PZBG0A7V3QD9XW4TZ2M8NC")]
    [InlineData("i1k5pzbg0a7v3qd9xw4tz2m8nc")]
    [InlineData("l1k5pzbg0a7v3qd9xw4tz2m8nc")]
    [InlineData("o1k5pzbg0a7v3qd9xw4tz2m8nc")]
    [InlineData("u1k5pzbg0a7v3qd9xw4tz2m8nc")]
    [InlineData("01k5pzbg0a7v3qd9xw4tz2m8n\0")]
    [InlineData("01k5pzbg0a7v3qd9xw4tz2m8n\n")]
    [InlineData("0١k5pzbg0a7v3qd9xw4tz2m8nc")]
    public void TryParse_OfAnythingElse_Refuses(string? text)
    {
        Assert.False(RecordingId.TryParse(text, out _));
    }

    [Fact]
    public void TryParse_OfTwoThousandTraversals_RefusesThemAll()
    {
        var traversals = Traversals.All.ToHashSet(StringComparer.Ordinal);

        Assert.InRange(traversals.Count, 2000, 20_000);
        Assert.All(traversals, text => Assert.False(RecordingId.TryParse(text, out _), text));
    }

    [Fact]
    public void Mirrored_SortsTheOtherWayRound_AndBack()
    {
        RecordingId[] ids = [.. Enumerable.Range(0, 200).Select(_ => Example.Id())];

        Assert.Equal(
            ids.OrderBy(id => id.Value, StringComparer.Ordinal), ids.OrderByDescending(id => id.Mirrored, StringComparer.Ordinal));
        Assert.All(ids, id =>
        {
            Assert.True(RecordingId.TryParse(id.Mirrored, out var mirrored));
            Assert.Equal(id.Value, mirrored.Mirrored);
        });
    }
}
