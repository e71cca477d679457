using System.Net;
using Clearway.Proxy.Records;
using Grpc.Core;
using Xunit;

namespace Clearway.Proxy.Tests;

public sealed class RecordingDownloadTests
{
    private const string Link = "/api/v1/records/" + StorageDouble.Id + "/file?expires=1790000000&signature=00ff";

    private static readonly byte[] File = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 7))];

    [Fact]
    public async Task File_ByItsLink_NeedsNoToken()
    {
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, Link, token: null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(File, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("video/webm", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(StorageDouble.Etag, answer.Headers.ETag?.ToString());
        Assert.Equal("bytes", answer.Headers.AcceptRanges.Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("sandbox", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(1790000000, edge.Upstreams.Storage.LastRead?.Expires);
        Assert.Equal("00ff", edge.Upstreams.Storage.LastRead?.Signature);
    }

    [Theory]
    [InlineData("bytes=0-99", 0, 100)]
    [InlineData("bytes=100000-", 100_000, 100_000)]
    [InlineData("bytes=-10", 199_990, 10)]
    [InlineData("bytes=199999-300000", 199_999, 1)]
    public async Task Range_IsAnsweredInPart(string range, int first, int length)
    {
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, Link, token: null, headers: h => h.TryAddWithoutValidation("Range", range));
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal($"bytes {first}-{first + length - 1}/200000", answer.Content.Headers.ContentRange?.ToString());
        Assert.Equal(length, answer.Content.Headers.ContentLength);
        Assert.Equal(File[first..(first + length)], await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Range_BeyondTheEnd_IsNotSatisfiable()
    {
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(
            HttpMethod.Get, Link, token: null, headers: h => h.TryAddWithoutValidation("Range", "bytes=200000-"));
        await Expect.ProblemAsync(answer, HttpStatusCode.RequestedRangeNotSatisfiable, "range_not_satisfiable");
        Assert.Equal("bytes */200000", answer.Content.Headers.ContentRange?.ToString());
    }

    [Fact]
    public async Task SeveralRanges_AreAnsweredInParts()
    {
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(
            HttpMethod.Get, Link, token: null, headers: h => h.TryAddWithoutValidation("Range", "bytes=0-1,100000-170000,-2"));
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        var type = answer.Content.Headers.ContentType!;
        Assert.Equal("multipart/byteranges", type.MediaType);
        Assert.Null(answer.Content.Headers.ContentRange);
        var body = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal(body.Length, answer.Content.Headers.ContentLength);
        var boundary = type.Parameters.Single().Value!;
        byte[] expected =
        [
            .. Head(boundary, "0-1"), .. File[..2], .. Head(boundary, "100000-170000"), .. File[100_000..170_001],
            .. Head(boundary, "199998-199999"), .. File[^2..], .. System.Text.Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n"),
        ];
        Assert.Equal(expected, body);
    }

    [Fact]
    public async Task Head_IgnoresRanges()
    {
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(
            HttpMethod.Head, Link, token: null, headers: h => h.TryAddWithoutValidation("Range", "bytes=0-1"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(200_000, answer.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("\"e1\"", HttpStatusCode.OK)]
    [InlineData("*", HttpStatusCode.OK)]
    [InlineData("\"e0\", \"e1\"", HttpStatusCode.OK)]
    [InlineData("\"e0\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("W/\"e1\"", HttpStatusCode.PreconditionFailed)]
    public async Task IfMatch_OfAnotherFile_SendsNothing(string tag, HttpStatusCode status)
    {
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, Link, token: null, headers: h => h.TryAddWithoutValidation("If-Match", tag));
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Link_ForANetwork_IsJudgedByStorage_WithTheAddressOfWhoAsks()
    {
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, Link + "&network=127.0.0.0%2F8", token: null);
        Assert.Equal("127.0.0.0/8", edge.Upstreams.Storage.LastRead?.Network);
        Assert.Contains("127.0.0.1", edge.Upstreams.Storage.LastRead?.Address, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"e1\"", HttpStatusCode.PartialContent)]
    [InlineData("\"e0\"", HttpStatusCode.OK)]
    public async Task IfRange_OfAnotherFile_GivesTheWhole(string tag, HttpStatusCode status)
    {
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, Link, token: null, headers: h =>
        {
            h.TryAddWithoutValidation("Range", "bytes=0-0");
            h.TryAddWithoutValidation("If-Range", tag);
        });
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Head_HasTheHeadersOfGet_AndNoBody()
    {
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Head, Link, token: null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(200_000, answer.Content.Headers.ContentLength);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        Assert.True(edge.Upstreams.Storage.LastRead?.HeaderOnly);
    }

    [Theory]
    [InlineData("\"e1\"", HttpStatusCode.NotModified)]
    [InlineData("W/\"e1\"", HttpStatusCode.NotModified)]
    [InlineData("*", HttpStatusCode.NotModified)]
    [InlineData("\"e2\"", HttpStatusCode.OK)]
    public async Task IfNoneMatch_OfTheSameFile_SendsNothing(string tag, HttpStatusCode status)
    {
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(
            HttpMethod.Get, Link, token: null, headers: h => h.TryAddWithoutValidation("If-None-Match", tag));
        Assert.Equal(status, answer.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?expires=1790000000")]
    [InlineData("?signature=00ff")]
    [InlineData("?expires=soon&signature=00ff")]
    [InlineData("?expires=1790000000&signature=00ff&signature=00fe")]
    public async Task Link_ThatIsIncomplete_IsRefused(string query)
    {
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, "/api/v1/records/" + StorageDouble.Id + "/file" + query, token: null);
        await Expect.ProblemAsync(answer, HttpStatusCode.Forbidden, "link_refused");
        Assert.Null(edge.Upstreams.Storage.LastRead);
    }

    [Theory]
    [InlineData(StatusCode.PermissionDenied, "link_refused", HttpStatusCode.Forbidden)]
    [InlineData(StatusCode.PermissionDenied, "link_expired", HttpStatusCode.Gone)]
    [InlineData(StatusCode.PermissionDenied, "address_refused", HttpStatusCode.Forbidden)]
    [InlineData(StatusCode.FailedPrecondition, "recording_archived", HttpStatusCode.Conflict)]
    [InlineData(StatusCode.FailedPrecondition, "recording_open", HttpStatusCode.Conflict)]
    [InlineData(StatusCode.NotFound, "not_found", HttpStatusCode.NotFound)]
    public async Task RefusalOfStorage_IsPassedOn(StatusCode status, string code, HttpStatusCode expected)
    {
        await using var edge = await StartAsync();
        edge.Upstreams.Storage.Failure = StorageDouble.Refuse(status, code);
        using var answer = await edge.SendAsync(HttpMethod.Get, Link, token: null);
        await Expect.ProblemAsync(answer, expected, code);
    }

    [Theory]
    [InlineData("Weekly", false, "inline; filename=Weekly.webm; filename*=UTF-8''Weekly.webm")]
    [InlineData("Weekly", true, "attachment; filename=Weekly.webm; filename*=UTF-8''Weekly.webm")]
    [InlineData("", true, "attachment; filename=recording.webm; filename*=UTF-8''recording.webm")]
    [InlineData("../../etc/passwd", true, "attachment; filename=etc-passwd.webm; filename*=UTF-8''etc-passwd.webm")]
    [InlineData(
        "a\"; filename=b.exe; x=\"",
        true,
        "attachment; filename=\"a-- filename-b.exe- x.webm\"; filename*=UTF-8''a--%20filename-b.exe-%20x.webm")]
    [InlineData("a\r\nSet-Cookie: b", true, "attachment; filename=\"a--Set-Cookie- b.webm\"; filename*=UTF-8''a--Set-Cookie-%20b.webm")]
    public void Title_BecomesAHarmlessFileName(string title, bool asAttachment, string expected) =>
        Assert.Equal(expected, RecordingDownload.Disposition(title, asAttachment));

    [Fact]
    public async Task RussianTitle_IsKeptInTheFileName()
    {
        await using var edge = await StartAsync("Планёрка");
        using var answer = await edge.SendAsync(HttpMethod.Get, Link + "&download=1", token: null);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("Планёрка.webm", answer.Content.Headers.ContentDisposition?.FileNameStar);
    }

    [Fact]
    public async Task Pieces_AskedForAgain_AreNotFetchedAgain_ButTheLinkIsJudgedAgain()
    {
        await using var edge = await StartAsync();
        for (var i = 0; i < 3; i++)
        {
            using var answer = await edge.SendAsync(
                HttpMethod.Get, Link, token: null, headers: h => h.TryAddWithoutValidation("Range", "bytes=70000-170000"));
            Assert.Equal(File[70_000..170_001], await answer.Content.ReadAsByteArrayAsync());
        }

        Assert.Equal(1, edge.Upstreams.Storage.Fetches);
        edge.Upstreams.Storage.Failure = StorageDouble.Refuse(StatusCode.PermissionDenied, "link_refused");
        using var revoked = await edge.SendAsync(HttpMethod.Get, Link, token: null);
        await Expect.ProblemAsync(revoked, HttpStatusCode.Forbidden, "link_refused");
    }

    [Fact]
    public async Task File_WithoutRoomForPieces_ComesFromStorage()
    {
        await using var edge = await Edge.StartAsync(settings: ("PieceCache:Bytes", "0"));
        edge.Upstreams.Storage.Seed(File);
        using var whole = await edge.SendAsync(HttpMethod.Get, Link, token: null);
        Assert.Equal(File, await whole.Content.ReadAsByteArrayAsync());
        using var part = await edge.SendAsync(
            HttpMethod.Get, Link, token: null, headers: h => h.TryAddWithoutValidation("Range", "bytes=5-199998"));
        Assert.Equal(File[5..199_999], await part.Content.ReadAsByteArrayAsync());
    }

    private static byte[] Head(string boundary, string range) => System.Text.Encoding.ASCII.GetBytes(
        $"\r\n--{boundary}\r\nContent-Type: video/webm\r\nContent-Range: bytes {range}/200000\r\n\r\n");

    private static async Task<Edge> StartAsync(string title = "Weekly")
    {
        var edge = await Edge.StartAsync();
        edge.Upstreams.Storage.Seed(File, title);
        return edge;
    }
}
