using System.Net;
using System.Net.Http.Headers;
using Clearway.Auth.V1;
using Clearway.Storage.V1;
using Grpc.Core;
using Xunit;

namespace Clearway.Proxy.Tests;

public sealed class RecordingUploadTests
{
    private const string Path = "/api/v1/records/" + StorageDouble.Id;

    private const string Root = "/api/v1/records";

    [Theory]
    [InlineData(Role.Organizer)]
    [InlineData(Role.Moderator)]
    public async Task Recording_IsCreatedUploadedAndSealed(Role role)
    {
        await using var edge = await Edge.StartAsync();
        using var created = await edge.SendAsync(HttpMethod.Post, Root, role, null, Creation());
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(Path, created.Headers.Location?.ToString());
        Assert.Equal("1.0.0", created.Headers.GetValues("Tus-Resumable").Single());
        var key = created.Headers.GetValues("Upload-Key").Single();

        var bytes = Bytes(200_000);
        using var first = await edge.SendAsync(HttpMethod.Patch, Path, role, Piece(bytes[..150_000]), Offset(0));
        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        Assert.Equal("150000", first.Headers.GetValues("Upload-Offset").Single());
        using var second = await edge.SendAsync(HttpMethod.Patch, Path, token: null, Piece(bytes[150_000..]), headers =>
        {
            Offset(150_000)(headers);
            headers.Authorization = new AuthenticationHeaderValue("Upload", key);
        });
        Assert.Equal("200000", second.Headers.GetValues("Upload-Offset").Single());

        using var head = await edge.SendAsync(HttpMethod.Head, Path, role, null, Tus);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal("200000", head.Headers.GetValues("Upload-Offset").Single());
        Assert.Equal("1", head.Headers.GetValues("Upload-Defer-Length").Single());
        Assert.Equal(Metadata("Weekly"), head.Headers.GetValues("Upload-Metadata").Single());
        Assert.True(head.Headers.CacheControl?.NoStore);
        Assert.Equal(bytes, edge.Upstreams.Storage.BytesOf(StorageDouble.Id));
        Assert.Equal([65536, 65536, 18928, 50000], edge.Upstreams.Storage.Chunks);

        using var @sealed = await edge.SendAsync(HttpMethod.Post, Path + "/seal", role);
        var body = await Expect.JsonAsync(@sealed);
        Assert.Equal("sealed", body.GetProperty("state").GetString());
        Assert.Equal(200_000, body.GetProperty("size_bytes").GetInt64());
        Assert.Equal("""{"kind":"recording"}""", body.GetProperty("system_data").GetString());
        Assert.Equal("cd", body.GetProperty("security").GetString());
        Assert.StartsWith("/api/v1/records/", body.GetProperty("link").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Root)]
    [InlineData(Path)]
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
    [InlineData("POST", Root)]
    [InlineData("HEAD", Path)]
    [InlineData("PATCH", Path)]
    [InlineData("DELETE", Path)]
    public async Task OtherVersionOfTus_IsRefusedAndToldOurs(string method, string path)
    {
        await using var edge = await StartWithRecordingAsync();
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
        await using var edge = await StartWithRecordingAsync();
        using var answer = await edge.SendAsync(HttpMethod.Post, Path, Role.Organizer, Piece(Bytes(5)), headers =>
        {
            Offset(0)(headers);
            headers.Add("X-HTTP-Method-Override", "PATCH");
        });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(5, edge.Upstreams.Storage.BytesOf(StorageDouble.Id).Length);
    }

    [Fact]
    public async Task Termination_EndsTheUpload()
    {
        await using var edge = await StartWithRecordingAsync();
        using var answer = await edge.SendAsync(HttpMethod.Delete, Path, Role.Organizer, null, Tus);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        using var head = await edge.SendAsync(HttpMethod.Head, Path, Role.Organizer, null, Tus);
        Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
        Assert.Equal("1.0.0", head.Headers.GetValues("Tus-Resumable").Single());
    }

    [Theory]
    [InlineData("sha1 AAEC", "sha1", 3)]
    [InlineData("sha256 AAECAw==", "sha256", 4)]
    [InlineData(null, "", 0)]
    public async Task ChecksumAndLength_ReachStorage(string? checksum, string algorithm, int digestLength)
    {
        await using var edge = await StartWithRecordingAsync();
        using var answer = await edge.SendAsync(HttpMethod.Patch, Path, Role.Organizer, Piece([1]), headers =>
        {
            Offset(0)(headers);
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
        await using var edge = await StartWithRecordingAsync();
        using var answer = await edge.SendAsync(HttpMethod.Patch, Path, Role.Organizer, Piece([1]), headers =>
        {
            Offset(0)(headers);
            headers.TryAddWithoutValidation(header, value);
        });
        await Expect.ProblemAsync(answer, HttpStatusCode.BadRequest, "bad_request");
    }

    [Fact]
    public async Task UploadKey_ThatIsForged_IsRefused()
    {
        await using var edge = await StartWithRecordingAsync();
        using var answer = await edge.SendAsync(HttpMethod.Patch, Path, token: null, Piece([1]), headers =>
        {
            Offset(0)(headers);
            headers.Authorization = new AuthenticationHeaderValue("Upload", "beef");
        });
        await Expect.ProblemAsync(answer, HttpStatusCode.Forbidden, "upload_key_refused");
        Assert.Equal(0, edge.Upstreams.Auth.Calls);
    }

    [Fact]
    public async Task EmptyPiece_StoresNothing()
    {
        await using var edge = await StartWithRecordingAsync();
        using var answer = await edge.SendAsync(HttpMethod.Patch, Path, Role.Organizer, Piece([]), Offset(0));
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("0", answer.Headers.GetValues("Upload-Offset").Single());
    }

    [Theory]
    [InlineData("HEAD", "")]
    [InlineData("DELETE", "")]
    [InlineData("PATCH", "")]
    [InlineData("POST", "/seal")]
    public async Task Participant_MayNotRecord(string method, string path)
    {
        await using var edge = await StartWithRecordingAsync();
        foreach (var role in new[] { Role.Participant, Role.Observer })
        {
            using var answer = await edge.SendAsync(new HttpMethod(method), Path + path, role, null, Tus);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            if (method != "HEAD")
            {
                await Expect.ProblemAsync(answer, HttpStatusCode.Forbidden, "role_forbidden");
            }
        }
    }

    [Theory]
    [InlineData("PATCH", "")]
    [InlineData("POST", "/seal")]
    public async Task Recording_OfAnotherRoom_IsForbidden(string method, string path)
    {
        await using var edge = await Edge.StartAsync();
        edge.Upstreams.Storage.Seed([], room: "zzzzzzzzzzzz", state: RecordingState.Recording);
        using var answer = await edge.SendAsync(new HttpMethod(method), Path + path, Role.Organizer, Piece([1]), Offset(0));
        await Expect.ProblemAsync(answer, HttpStatusCode.Forbidden, "room_forbidden");
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

    [Fact]
    public async Task UnknownRecording_IsNotFound()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Patch, Path, Role.Organizer, Piece([1]), Offset(0));
        await Expect.ProblemAsync(answer, HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    [InlineData("application/octet-stream")]
    public async Task Piece_OfAnotherMediaType_IsRefused(string mediaType)
    {
        await using var edge = await StartWithRecordingAsync();
        using var piece = new ByteArrayContent([1]) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
        using var answer = await edge.SendAsync(HttpMethod.Patch, Path, Role.Organizer, piece, Offset(0));
        await Expect.ProblemAsync(answer, HttpStatusCode.UnsupportedMediaType, "media_type");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("99999999999999999999")]
    public async Task Piece_WithoutOffset_IsABadRequest(string? offset)
    {
        await using var edge = await StartWithRecordingAsync();
        using var answer = await edge.SendAsync(
            HttpMethod.Patch, Path, Role.Organizer, Piece([1]), headers =>
            {
                Tus(headers);
                headers.TryAddWithoutValidation("Upload-Offset", offset);
            });
        await Expect.ProblemAsync(answer, HttpStatusCode.BadRequest, "bad_request");
    }

    [Fact]
    public async Task Piece_AtTheWrongOffset_IsToldTheRightOne()
    {
        await using var edge = await StartWithRecordingAsync();
        using var first = await edge.SendAsync(HttpMethod.Patch, Path, Role.Organizer, Piece(Bytes(10)), Offset(0));
        using var answer = await edge.SendAsync(HttpMethod.Patch, Path, Role.Organizer, Piece(Bytes(1_000_000)), Offset(3));
        await Expect.ProblemAsync(answer, HttpStatusCode.Conflict, "upload_offset");
        Assert.Equal("10", answer.Headers.GetValues("Upload-Offset").Single());
        Assert.Equal(10, edge.Upstreams.Storage.BytesOf(StorageDouble.Id).Length);
    }

    [Fact]
    public async Task Piece_OverTheLimit_IsTooLarge()
    {
        await using var edge = await StartWithRecordingAsync();
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(edge.Address.Host, edge.Address.Port);
        await using var stream = socket.GetStream();
        var head = $"PATCH {Path} HTTP/1.1\r\nHost: {edge.Address.Authority}\r\n"
            + $"Authorization: Bearer {AuthDouble.Token(Role.Organizer)}\r\n"
            + $"Content-Type: application/offset+octet-stream\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Length: {(32L << 30) + 1}\r\n\r\n";
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(head));
        using var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 413 Payload Too Large", await reader.ReadLineAsync());
        var text = "";
        while (!text.Contains("body_too_large", StringComparison.Ordinal) && await reader.ReadLineAsync() is { } line)
        {
            text += line;
        }

        Assert.Contains("body_too_large", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StatusCode.Aborted, "upload_busy", HttpStatusCode.Conflict)]
    [InlineData(StatusCode.FailedPrecondition, "recording_sealed", HttpStatusCode.Conflict)]
    [InlineData(StatusCode.FailedPrecondition, "recording_malformed", HttpStatusCode.UnprocessableEntity)]
    [InlineData(StatusCode.ResourceExhausted, "storage_full", HttpStatusCode.InsufficientStorage)]
    [InlineData(StatusCode.Unavailable, "unavailable", HttpStatusCode.ServiceUnavailable)]
    [InlineData(StatusCode.ResourceExhausted, "quota_exceeded", HttpStatusCode.InsufficientStorage)]
    [InlineData(StatusCode.InvalidArgument, "upload_length", HttpStatusCode.BadRequest)]
    [InlineData(StatusCode.InvalidArgument, "checksum_unsupported", HttpStatusCode.BadRequest)]
    [InlineData(StatusCode.DataLoss, "checksum_mismatch", (HttpStatusCode)460)]
    [InlineData(StatusCode.AlreadyExists, "recording_taken", HttpStatusCode.Conflict)]
    [InlineData(StatusCode.Internal, "surprise", HttpStatusCode.InternalServerError)]
    public async Task RefusalOfStorage_IsPassedOn(StatusCode status, string code, HttpStatusCode expected)
    {
        await using var edge = await StartWithRecordingAsync();
        edge.Upstreams.Storage.Failure = StorageDouble.Refuse(status, code);
        using var answer = await edge.SendAsync(HttpMethod.Patch, Path, Role.Organizer, Piece(Bytes(300_000)), Offset(0));
        await Expect.ProblemAsync(answer, expected, code == "surprise" ? "internal" : code);
    }

    [Theory]
    [InlineData("Upload-Defer-Length", "0")]
    [InlineData("Upload-Length", "-5")]
    [InlineData("Upload-Length", "1e3")]
    [InlineData("Upload-Length", "")]
    public async Task Creation_WithoutALength_IsABadRequest(string header, string value)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Post, Root, Role.Organizer, null, headers =>
        {
            Tus(headers);
            headers.Add("Upload-Metadata", Metadata("Weekly"));
            headers.TryAddWithoutValidation(header, value);
        });
        await Expect.ProblemAsync(answer, HttpStatusCode.BadRequest, "bad_request");
    }

    [Theory]
    [InlineData("", "recording_id_malformed")]
    [InlineData("title V2Vla2x5", "recording_id_malformed")]
    [InlineData("recording_id Li4veA==", "recording_id_malformed")]
    [InlineData("recording_id MDFrNXB6YmcwYTd2M3FkOXh3NHR6Mm04bmM=,recording_id MDFr", "bad_request")]
    [InlineData("recording_id ???", "bad_request")]
    [InlineData("title /w==", "bad_request")]
    public async Task Creation_WithOtherMetadata_IsRefused(string metadata, string code)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Post, Root, Role.Organizer, null, headers =>
        {
            Tus(headers);
            headers.Add("Upload-Defer-Length", "1");
            headers.TryAddWithoutValidation("Upload-Metadata", metadata);
        });
        await Expect.ProblemAsync(answer, HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Creation_BeyondTheLargestSize_IsTooLarge()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Post, Root, Role.Organizer, null, headers =>
        {
            Tus(headers);
            headers.Add("Upload-Metadata", Metadata("Weekly"));
            headers.Add("Upload-Length", "34359738369");
        });
        await Expect.ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Theory]
    [InlineData(Role.Participant)]
    [InlineData(Role.Observer)]
    public async Task Creation_ByWhoMayNotRecord_IsForbidden(Role role)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Post, Root, role, null, Creation());
        await Expect.ProblemAsync(answer, HttpStatusCode.Forbidden, "role_forbidden");
    }

    private static async Task<Edge> StartWithRecordingAsync()
    {
        var edge = await Edge.StartAsync();
        edge.Upstreams.Storage.Seed([], state: RecordingState.Recording);
        return edge;
    }

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 7))];

    private static ByteArrayContent Piece(byte[] bytes) =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } };

    private static void Tus(HttpRequestHeaders headers) => headers.Add("Tus-Resumable", "1.0.0");

    private static string Metadata(string title) => $"recording_id {ToBase64(StorageDouble.Id)},title {ToBase64(title)}";

    private static string ToBase64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));

    private static Action<HttpRequestHeaders> Creation() => headers =>
    {
        Tus(headers);
        headers.Add("Upload-Defer-Length", "1");
        headers.Add("Upload-Metadata", Metadata("Weekly"));
    };

    private static Action<HttpRequestHeaders> Offset(long offset) => headers =>
    {
        Tus(headers);
        headers.Add("Upload-Offset", offset.ToString(System.Globalization.CultureInfo.InvariantCulture));
    };
}
