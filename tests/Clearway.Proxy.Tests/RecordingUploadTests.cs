using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Clearway.Auth.V1;
using Clearway.Storage.V1;
using Grpc.Core;
using Xunit;

namespace Clearway.Proxy.Tests;

public sealed class RecordingUploadTests
{
    private const string Path = "/api/v1/records/" + StorageDouble.Id;

    [Theory]
    [InlineData(Role.Organizer)]
    [InlineData(Role.Moderator)]
    public async Task Recording_IsCreatedUploadedAndSealed(Role role)
    {
        await using var edge = await Edge.StartAsync();
        using var created = await edge.SendAsync(HttpMethod.Post, Path, role, JsonContent.Create(new { title = "Weekly" }));
        var recording = await Expect.JsonAsync(created, HttpStatusCode.Created);
        Assert.Equal("recording", recording.GetProperty("state").GetString());
        Assert.Equal(Edge.Room, recording.GetProperty("room_id").GetString());
        Assert.Equal(Path, created.Headers.Location?.ToString());

        var bytes = Bytes(200_000);
        using var first = await edge.SendAsync(HttpMethod.Patch, Path, role, Piece(bytes[..150_000]), Offset(0));
        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        Assert.Equal("150000", first.Headers.GetValues("Upload-Offset").Single());
        using var second = await edge.SendAsync(HttpMethod.Patch, Path, role, Piece(bytes[150_000..]), Offset(150_000));
        Assert.Equal("200000", second.Headers.GetValues("Upload-Offset").Single());

        using var head = await edge.SendAsync(HttpMethod.Head, Path, role);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal("200000", head.Headers.GetValues("Upload-Offset").Single());
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

    [Fact]
    public async Task EmptyPiece_StoresNothing()
    {
        await using var edge = await StartWithRecordingAsync();
        using var answer = await edge.SendAsync(HttpMethod.Patch, Path, Role.Organizer, Piece([]), Offset(0));
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("0", answer.Headers.GetValues("Upload-Offset").Single());
    }

    [Theory]
    [InlineData("POST", "")]
    [InlineData("HEAD", "")]
    [InlineData("PATCH", "")]
    [InlineData("POST", "/seal")]
    public async Task Participant_MayNotRecord(string method, string path)
    {
        await using var edge = await StartWithRecordingAsync();
        foreach (var role in new[] { Role.Participant, Role.Observer })
        {
            using var answer = await edge.SendAsync(new HttpMethod(method), Path + path, role);
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
        using var answer = await edge.SendAsync(HttpMethod.Post, "/api/v1/records/" + id, token: null);
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
            HttpMethod.Patch, Path, Role.Organizer, Piece([1]), headers => headers.TryAddWithoutValidation("Upload-Offset", offset));
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
            + $"Content-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\nContent-Length: {(64 * 1024 * 1024) + 1}\r\n\r\n";
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
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"title\":null}")]
    [InlineData("{\"title\":7}")]
    [InlineData("{\"title\":\"a\",\"title\":\"b\"}")]
    [InlineData("{\"title\":\"a\\u0000b\"}")]
    [InlineData("{\"title\":")]
    public async Task NewRecording_WithoutATitle_IsABadRequest(string body)
    {
        await using var edge = await Edge.StartAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await edge.SendAsync(HttpMethod.Post, Path, Role.Organizer, content);
        await Expect.ProblemAsync(answer, HttpStatusCode.BadRequest, "bad_request");
    }

    [Theory]
    [InlineData(120, HttpStatusCode.Created)]
    [InlineData(121, HttpStatusCode.BadRequest)]
    public async Task Title_IsCountedInTextElements(int elements, HttpStatusCode status)
    {
        await using var edge = await Edge.StartAsync();
        var title = string.Concat(Enumerable.Repeat("👩‍💻", elements));
        using var answer = await edge.SendAsync(HttpMethod.Post, Path, Role.Organizer, JsonContent.Create(new { title }));
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task NewRecording_AsAForm_IsRefused()
    {
        await using var edge = await Edge.StartAsync();
        using var form = new FormUrlEncodedContent([new("title", "Weekly")]);
        using var answer = await edge.SendAsync(HttpMethod.Post, Path, Role.Organizer, form);
        await Expect.ProblemAsync(answer, HttpStatusCode.UnsupportedMediaType, "media_type");
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

    private static Action<HttpRequestHeaders> Offset(long offset) =>
        headers => headers.Add("Upload-Offset", offset.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
