using Clearway.Storage.Recordings;
using Clearway.Storage.V1;

namespace Clearway.Storage.Tests.Recordings;

[Collection(BlobTests.Name)]
public sealed class ChaptersTests(BlobFixture blobs)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);

    [Fact]
    public void Pauses_UpToTwoSeconds_DoNotEndAChapter() => Assert.Equal(
        [Turn("ada", 0, 5000), Turn("ada", 8000, 9000)],
        Chapters.Of([Turn("ada", 0, 1000), Turn("ada", 3000, 5000), Turn("ada", 8000, 9000)], Duration));

    [Fact]
    public void Interjections_AreChaptersOfTheirOwn_AndDoNotEndOthers() => Assert.Equal(
        [Turn("ada", 0, 4000), Turn("grace", 1000, 1500)],
        Chapters.Of([Turn("ada", 0, 2000), Turn("grace", 1000, 1500), Turn("ada", 2500, 4000)], Duration));

    [Fact]
    public void Turns_BeyondTheMedia_AreCutOff() => Assert.Equal(
        [Turn("ada", 59_000, 60_000)], Chapters.Of([Turn("ada", 59_000, 70_000), Turn("grace", 60_000, 61_000)], Duration));

    [Fact]
    public async Task Turns_InAnyOrder_AreKeptByStart_AndInTheManifest()
    {
        var bench = new Bench(blobs);
        var id = await bench.CreatedAsync();
        var recording = (await bench.Store.FindAsync(id, default))!;
        Assert.Null(await bench.Chapters.AddAsync(recording, [Speech("p-grace", "Грейс", 4000, 5000)], default));
        Assert.Null(await bench.Chapters.AddAsync(recording, [Speech("p-ada", "Ada", 0, 1000), Speech("p-ada", "Ada", 9000, 9500)], default));
        await bench.UploadAsync(id, Sample.Bytes);
        Assert.Null((await bench.SealAsync(id)).Refusal);

        Assert.Equal(["p-ada", "p-grace", "p-ada"], (await bench.Chapters.TurnsAsync(id, default)).Select(turn => turn.Participant));
        var (manifest, _, isValid) = (await bench.Manifests.ReadAsync(id, default))!.Value;
        Assert.True(isValid);
        Assert.Equal(3, System.Text.Json.Nodes.JsonNode.Parse(manifest)!["speech"]!.AsArray().Count);

        var sealedRecording = (await bench.Store.FindAsync(id, default))!;
        Assert.Equal("recording_sealed", (await bench.Chapters.AddAsync(sealedRecording, [Speech("p-ada", "Ada", 0, 1)], default))!.Code);
        Assert.Null((await bench.Removal.RemoveAsync(sealedRecording, default)).Refusal);
        Assert.Empty(await bench.Chapters.TurnsAsync(id, default));
    }

    [Fact]
    public async Task Turns_WithoutEnd_AreRefusedOnceThereIsNoRoom_AndNothingOfThemIsKept()
    {
        var bench = new Bench(blobs);
        var recording = (await bench.Store.FindAsync(await bench.CreatedAsync(), default))!;
        var longest = string.Concat(Enumerable.Repeat("e" + new string('\u0301', 7), 64));
        Speech[] turns = [.. Enumerable.Repeat(Speech("p-ada", longest, 0, 1), 100)];
        var kept = 0;
        while (kept < 100 && await bench.Chapters.AddAsync(recording, turns, default) is null)
        {
            kept++;
        }

        Assert.InRange(kept, 1, 99);
        Assert.Equal(Refusal.StorageFull, await bench.Chapters.AddAsync(recording, turns, default));
        Assert.Equal(kept * turns.Length, (await bench.Chapters.TurnsAsync(recording.Id, default)).Count);
        var blob = await bench.Container.GetBlobClient(recording.Id.SpeechBlob).GetPropertiesAsync();
        Assert.InRange(blob.Value.ContentLength, 1, 4 << 20);
    }

    [Theory]
    [InlineData("", "Ada", 0, 1)]
    [InlineData("../p", "Ada", 0, 1)]
    [InlineData("p-ada", "", 0, 1)]
    [InlineData("p-ada", "A\nda", 0, 1)]
    [InlineData("p-ada", "Ada", -1, 1)]
    [InlineData("p-ada", "Ada", 2, 1)]
    [InlineData("p-ada", "Ada", 0, 86_400_001)]
    public async Task Turn_ThatCannotBe_IsRefused(string participant, string name, long start, long end)
    {
        var bench = new Bench(blobs);
        var recording = (await bench.Store.FindAsync(await bench.CreatedAsync(), default))!;
        var refusal = await bench.Chapters.AddAsync(recording, [Speech(participant, name, start, end)], default);
        Assert.Equal("bad_request", refusal!.Code);
        Assert.Empty(await bench.Chapters.TurnsAsync(recording.Id, default));
    }

    private static SpeechTurn Turn(string who, long start, long end) => new(who, who, start, end);

    private static Speech Speech(string who, string name, long start, long end) =>
        new() { Participant = who, Name = name, StartMs = start, EndMs = end };
}
