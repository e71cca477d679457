using System.Net;
using System.Net.Http.Headers;
using Clearway.Auth.V1;
using Xunit;

namespace Clearway.Proxy.Tests;

/// <summary>What tus asks of every server: versions, headers, methods.</summary>
public sealed class TusProtocolTests
{
    [Theory]
    [InlineData(TusRequest.Root)]
    [InlineData(TusRequest.Path)]
    public async Task Options_TellWhatTheServerCan(string path)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Options, path, token: null);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("1.0.0", answer.Headers.GetValues("Tus-Version").Single());
        Assert.Equal(
            "creation,creation-defer-length,checksum,expiration,termination", answer.Headers.GetValues("Tus-Extension").Single());
        Assert.Equal("sha1,sha256", answer.Headers.GetValues("Tus-Checksum-Algorithm").Single());
    }

    [Theory]
    [InlineData("POST", TusRequest.Root)]
    [InlineData("HEAD", TusRequest.Path)]
    [InlineData("PATCH", TusRequest.Path)]
    [InlineData("DELETE", TusRequest.Path)]
    public async Task OtherVersionOfTus_IsRefusedAndToldOurs(string method, string path)
    {
        await using var edge = await TusRequest.StartWithRecordingAsync();
        foreach (var version in new[] { null, "0.2.2", "1.0.0, 1.0.0" })
        {
            using var answer = await edge.SendAsync(
                new HttpMethod(method), path, Role.Organizer, null, headers => headers.TryAddWithoutValidation("Tus-Resumable", version));
            Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode);
            Assert.Equal("1.0.0", answer.Headers.GetValues("Tus-Version").Single());
            Assert.Equal("1.0.0", answer.Headers.GetValues("Tus-Resumable").Single());
        }
    }

    [Fact]
    public async Task Method_MayBeOverridden()
    {
        await using var edge = await TusRequest.StartWithRecordingAsync();
        using var answer = await edge.SendAsync(HttpMethod.Post, TusRequest.Path, Role.Organizer, TusRequest.Piece(TusRequest.Bytes(5)), headers =>
        {
            TusRequest.Offset(0)(headers);
            headers.Add("X-HTTP-Method-Override", "PATCH");
        });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(5, edge.Upstreams.Storage.BytesOf(StorageDouble.Id).Length);
    }

    [Theory]
    [InlineData("sha1 AAEC", "sha1", 3)]
    [InlineData("sha256 AAECAw==", "sha256", 4)]
    [InlineData(null, "", 0)]
    public async Task ChecksumAndLength_ReachStorage(string? checksum, string algorithm, int digestLength)
    {
        await using var edge = await TusRequest.StartWithRecordingAsync();
        using var answer = await edge.SendAsync(HttpMethod.Patch, TusRequest.Path, Role.Organizer, TusRequest.Piece([1]), headers =>
        {
            TusRequest.Offset(0)(headers);
            headers.TryAddWithoutValidation("Upload-Checksum", checksum);
            headers.TryAddWithoutValidation("Upload-Length", "77");
        });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        var header = edge.Upstreams.Storage.LastUpload!;
        Assert.Equal((algorithm, digestLength, 77), (header.ChecksumAlgorithm, header.Checksum.Length, header.Length));
    }

    [Theory]
    [InlineData("Upload-Checksum", "sha1")]
    [InlineData("Upload-Checksum", "sha1 not-base64")]
    [InlineData("Upload-Length", "many")]
    [InlineData("Upload-Length", "-1")]
    public async Task HeaderOfAPiece_ThatIsMalformed_IsABadRequest(string header, string value)
    {
        await using var edge = await TusRequest.StartWithRecordingAsync();
        using var answer = await edge.SendAsync(HttpMethod.Patch, TusRequest.Path, Role.Organizer, TusRequest.Piece([1]), headers =>
        {
            TusRequest.Offset(0)(headers);
            headers.TryAddWithoutValidation(header, value);
        });
        await Expect.ProblemAsync(answer, HttpStatusCode.BadRequest, "bad_request");
    }

    [Theory]
    [InlineData("..%2Fx")]
    [InlineData("..%2F..%2F..%2Fetc%2Fpasswd")]
    [InlineData("01K5PZBG0A7V3QD9XW4TZ2M8NC")]
    [InlineData("01k5pzbg0a7v3qd9xw4tz2m8n")]
    [InlineData("01k5pzbg0a7v3qd9xw4tz2m8ncc")]
    [InlineData("01k5pzbg0a7v3qd9xw4tz2m8nu")]
    [InlineData("01k5pzbg0a7v3qd9xw4tz2m8n%0A")]
    public async Task Id_ThatIsNone_IsRefusedBeforeAnythingElse(string id)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Patch, "/api/v1/records/" + id, token: null);
        await Expect.ProblemAsync(answer, HttpStatusCode.BadRequest, "recording_id_malformed");
        Assert.Equal(0, edge.Upstreams.Auth.Calls);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    [InlineData("application/octet-stream")]
    public async Task Piece_OfAnotherMediaType_IsRefused(string mediaType)
    {
        await using var edge = await TusRequest.StartWithRecordingAsync();
        using var piece = new ByteArrayContent([1]) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
        using var answer = await edge.SendAsync(HttpMethod.Patch, TusRequest.Path, Role.Organizer, piece, TusRequest.Offset(0));
        await Expect.ProblemAsync(answer, HttpStatusCode.UnsupportedMediaType, "media_type");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("99999999999999999999")]
    public async Task Piece_WithoutOffset_IsABadRequest(string? offset)
    {
        await using var edge = await TusRequest.StartWithRecordingAsync();
        using var answer = await edge.SendAsync(
            HttpMethod.Patch, TusRequest.Path, Role.Organizer, TusRequest.Piece([1]), headers =>
            {
                TusRequest.Version(headers);
                headers.TryAddWithoutValidation("Upload-Offset", offset);
            });
        await Expect.ProblemAsync(answer, HttpStatusCode.BadRequest, "bad_request");
    }
}
