using Clearway.Storage.Recordings;
using Clearway.Storage.V1;

namespace Clearway.Storage.Tests.Recordings;

[Collection(BlobTests.Name)]
public sealed class RecordingCreationTests(BlobFixture blobs)
{
    private readonly Bench _bench = new(blobs);

    [Fact]
    public async Task Create_Twice_GivesTheSameRecordingWithItsBytes()
    {
        var id = await _bench.CreatedAsync();
        await _bench.UploadAsync(id, new byte[10]);

        var again = await _bench.Creation.CreateAsync(Example.Creation(id), default);

        Assert.Equal(10, again.Value?.SizeBytes);
        Assert.Equal(RecordingState.Recording, again.Value?.State);
    }

    [Fact]
    public async Task Create_ManyAtOnce_GivesOneRecording()
    {
        var id = Example.Id();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _bench.Creation.CreateAsync(Example.Creation(id), default)));

        Assert.Single(outcomes.Select(outcome => outcome.Value?.Version).Distinct());
    }

    [Theory]
    [InlineData("other", "r7k2m9qxw4tz", "p-ada")]
    [InlineData("default", "other", "p-ada")]
    [InlineData("default", "r7k2m9qxw4tz", "p-grace")]
    public async Task Create_OfAnIdInUse_IsRefused(string tenant, string room, string recordedBy)
    {
        var id = await _bench.CreatedAsync();
        var request = Example.Creation(id);
        (request.Tenant, request.Room, request.RecordedBy) = (tenant, room, recordedBy);

        Assert.Equal(Refusal.RecordingTaken, (await _bench.Creation.CreateAsync(request, default)).Refusal);
        request.IsClaim = true;
        Assert.Equal(Refusal.NotFound, (await _bench.Creation.CreateAsync(request, default)).Refusal);
    }

    [Fact]
    public async Task Create_WithTheLongestTitleAndName_KeepsTheTitleAndTheNamesBeginning()
    {
        // Each text element takes as many bytes as a title or a name may have on average.
        const string Element = "👩\u200D🚀\u20D0";
        var request = Example.Creation(Example.Id());
        (request.Title, request.RecordedByName) = (string.Concat(Enumerable.Repeat(Element, 120)), string.Concat(Enumerable.Repeat(Element, 64)));

        var created = (await _bench.Creation.CreateAsync(request, default)).Value!;

        Assert.Equal(request.Title, created.Title);
        Assert.StartsWith(created.RecordedByName, request.RecordedByName, StringComparison.Ordinal);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(created.RecordedByName), 200, 256);
    }

    [Fact]
    public async Task Claim_OfWhatNobodyOpened_CreatesNothing()
    {
        var id = Example.Id();
        var request = Example.Creation(id);
        request.IsClaim = true;

        Assert.Equal(Refusal.NotFound, (await _bench.Creation.CreateAsync(request, default)).Refusal);
        Assert.Null(await _bench.Store.FindAsync(id, default));
    }

    [Fact]
    public async Task Create_AgainWithTheLengthThatWasNotKnown_KeepsIt()
    {
        var id = await _bench.CreatedAsync();
        await _bench.UploadAsync(id, new byte[10]);
        var sized = Example.Creation(id);

        sized.Length = 9;
        Assert.Equal(Refusal.UploadLength, (await _bench.Creation.CreateAsync(sized, default)).Refusal);
        sized.Length = 12;
        Assert.Equal(12, (await _bench.Creation.CreateAsync(sized, default)).Value?.Length);
        sized.Length = 13;
        Assert.Equal((12L, 10L), (await _bench.Creation.CreateAsync(sized, default)).Value is { } kept ? (kept.Length!.Value, kept.SizeBytes) : default);
    }

    [Fact]
    public async Task Claim_OfOnesOwnTrack_GivesItAsItWasOpened()
    {
        var id = Example.Id();
        var opening = Example.Creation(id);
        (opening.Kind, opening.RecordedByName) = (RecordingKind.Track, "Ада «λ»");
        await _bench.Creation.CreateAsync(opening, default);
        var claim = Example.Creation(id);
        (claim.IsClaim, claim.Title, claim.RecordedByName) = (true, "another", "another");

        var claimed = (await _bench.Creation.CreateAsync(claim, default)).Value!;

        Assert.Equal((RecordingKind.Track, "Ада «λ»", "Weekly - Ада «λ»"), (claimed.Kind, claimed.RecordedByName, claimed.Title));
    }

    [Theory]
    [InlineData("", "Ada", "Ada")]
    [InlineData("𝔸👩‍👩‍👧‍👦", "Ada", "𝔸👩‍👩‍👧‍👦 - Ada")]
    public async Task Create_OfATrack_SaysWhoseItIs(string meeting, string name, string title)
    {
        var opening = Example.Creation(Example.Id());
        (opening.Kind, opening.Title, opening.RecordedByName) = (RecordingKind.Track, meeting, name);

        Assert.Equal(title, (await _bench.Creation.CreateAsync(opening, default)).Value!.Title);
    }

    [Fact]
    public async Task Create_OfATrackWithoutRoomForTheName_CutsTheMeetingsTitle()
    {
        var opening = Example.Creation(Example.Id());
        (opening.Kind, opening.Title, opening.RecordedByName) = (RecordingKind.Track, string.Concat(Enumerable.Repeat("👍🏽", 120)), "Ada");

        var title = (await _bench.Creation.CreateAsync(opening, default)).Value!.Title;

        Assert.Equal(string.Concat(Enumerable.Repeat("👍🏽", 114)) + " - Ada", title);
    }

    [Theory]
    [InlineData("Планёрка «1» 👩‍👩‍👧‍👦 \"<b>\"")]
    [InlineData("")]
    [InlineData("a%20b+c")]
    public async Task Create_KeepsTheTitleToTheLetter(string title)
    {
        var request = Example.Creation(Example.Id());
        request.Title = title;

        Assert.Null((await _bench.Creation.CreateAsync(request, default)).Refusal);
        Assert.True(RecordingId.TryParse(request.Id, out var id));
        Assert.Equal(title, (await _bench.Store.FindAsync(id, default))?.Title);
    }

    public static TheoryData<string, Action<CreateRequest>> Malformed => new()
    {
        { "recording_id_malformed", request => request.Id = "../x" },
        { "recording_id_malformed", request => request.Id = "" },
        { "bad_request", request => request.Tenant = "" },
        { "bad_request", request => request.Tenant = "a\r\nb: c" },
        { "bad_request", request => request.Room = new string('r', 129) },
        { "bad_request", request => request.RecordedBy = "ада" },
        { "bad_request", request => request.Title = new string('t', 121) },
        { "bad_request", request => request.Title = "line\nbreak" },
        { "bad_request", request => request.RecordedByName = new string('n', 65) },
        { "bad_request", request => request.RecordedByName = "line\nbreak" },
        { "bad_request", request => request.RecordedByName = "e" + new string('\u0301', 600) },
        { "bad_request", request => request.Kind = (RecordingKind)7 },
        { "bad_request", request => request.Title = "e" + new string('\u0301', 3000) },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Create_OfAMalformedRequest_IsRefused(string code, Action<CreateRequest> spoil)
    {
        var request = Example.Creation(Example.Id());
        spoil(request);

        Assert.Equal(code, (await _bench.Creation.CreateAsync(request, default)).Refusal?.Code);
    }
}
