using System.Net;
using System.Net.Http.Headers;
using Clearway.Auth.V1;
using Clearway.Storage.V1;
using Grpc.Core;
using Xunit;

namespace Clearway.Proxy.Tests;

public sealed class RecordingUploadTests
{
    [Theory]
    [InlineData(Role.Organizer)]
    [InlineData(Role.Moderator)]
    public async Task Recording_IsCreatedUploadedAndSealed(Role role)
    {
        await using var edge = await Edge.StartAsync();
        using var created = await edge.SendAsync(HttpMethod.Post, TusRequest.Root, role, null, TusRequest.Creation());
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(TusRequest.Path, created.Headers.Location?.ToString());
        Assert.Equal("1.0.0", created.Headers.GetValues("Tus-Resumable").Single());
        var key = created.Headers.GetValues("Upload-Key").Single();

        var bytes = TusRequest.Bytes(200_000);
        using var first = await edge.SendAsync(HttpMethod.Patch, TusRequest.Path, role, TusRequest.Piece(bytes[..150_000]), TusRequest.Offset(0));
        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        Assert.Equal("150000", first.Headers.GetValues("Upload-Offset").Single());
        Assert.Equal("Mon, 28 Sep 2026 14:13:20 GMT", first.Headers.GetValues("Upload-Expires").Single());
        using var second = await edge.SendAsync(HttpMethod.Patch, TusRequest.Path, token: null, TusRequest.Piece(bytes[150_000..]), headers =>
        {
            TusRequest.Offset(150_000)(headers);
            headers.Authorization = new AuthenticationHeaderValue("Upload", key);
        });
        Assert.Equal("200000", second.Headers.GetValues("Upload-Offset").Single());

        using var head = await edge.SendAsync(HttpMethod.Head, TusRequest.Path, role, null, TusRequest.Version);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal("200000", head.Headers.GetValues("Upload-Offset").Single());
        Assert.Equal("1", head.Headers.GetValues("Upload-Defer-Length").Single());
        Assert.Equal(TusRequest.Metadata("Weekly"), head.Headers.GetValues("Upload-Metadata").Single());
        Assert.True(head.Headers.CacheControl?.NoStore);
        Assert.Equal(bytes, edge.Upstreams.Storage.BytesOf(StorageDouble.Id));
        Assert.Equal([65536, 65536, 18928, 50000], edge.Upstreams.Storage.Chunks);

        using var @sealed = await edge.SendAsync(HttpMethod.Post, TusRequest.Path + "/seal", role);
        var body = await Expect.JsonAsync(@sealed);
        Assert.Equal("sealed", body.GetProperty("state").GetString());
        Assert.Equal(200_000, body.GetProperty("size_bytes").GetInt64());
        Assert.Equal("""{"kind":"recording"}""", body.GetProperty("system_data").GetString());
        Assert.Equal("cd", body.GetProperty("security").GetString());
        Assert.StartsWith("/api/v1/records/", body.GetProperty("link").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "7")]
    [InlineData(5L, "5")]
    public async Task State_OfASealedUpload_IsItsEnd(long? length, string end)
    {
        await using var edge = await Edge.StartAsync();
        edge.Upstreams.Storage.Seed(new byte[7], state: RecordingState.Sealed, length: length);
        using var head = await edge.SendAsync(HttpMethod.Head, TusRequest.Path, Role.Organizer, null, TusRequest.Version);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(end, head.Headers.GetValues("Upload-Offset").Single());
        Assert.Equal(end, head.Headers.GetValues("Upload-Length").Single());
        Assert.False(head.Headers.Contains("Upload-Defer-Length"));
    }

    [Fact]
    public async Task Termination_EndsTheUpload()
    {
        await using var edge = await TusRequest.StartWithRecordingAsync();
        using var answer = await edge.SendAsync(HttpMethod.Delete, TusRequest.Path, Role.Organizer, null, TusRequest.Version);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        using var head = await edge.SendAsync(HttpMethod.Head, TusRequest.Path, Role.Organizer, null, TusRequest.Version);
        Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
        Assert.Equal("1.0.0", head.Headers.GetValues("Tus-Resumable").Single());
    }

    [Fact]
    public async Task UploadKey_ThatIsForged_IsRefused()
    {
        await using var edge = await TusRequest.StartWithRecordingAsync();
        using var answer = await edge.SendAsync(HttpMethod.Patch, TusRequest.Path, token: null, TusRequest.Piece([1]), headers =>
        {
            TusRequest.Offset(0)(headers);
            headers.Authorization = new AuthenticationHeaderValue("Upload", "beef");
        });
        await Expect.ProblemAsync(answer, HttpStatusCode.Forbidden, "upload_key_refused");
        Assert.Equal(0, edge.Upstreams.Auth.Calls);
    }

    [Fact]
    public async Task EmptyPiece_StoresNothing()
    {
        await using var edge = await TusRequest.StartWithRecordingAsync();
        using var answer = await edge.SendAsync(HttpMethod.Patch, TusRequest.Path, Role.Organizer, TusRequest.Piece([]), TusRequest.Offset(0));
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
        await using var edge = await TusRequest.StartWithRecordingAsync();
        foreach (var role in new[] { Role.Participant, Role.Observer })
        {
            using var answer = await edge.SendAsync(new HttpMethod(method), TusRequest.Path + path, role, null, TusRequest.Version);
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
        using var answer = await edge.SendAsync(new HttpMethod(method), TusRequest.Path + path, Role.Organizer, TusRequest.Piece([1]), TusRequest.Offset(0));
        await Expect.ProblemAsync(answer, HttpStatusCode.Forbidden, "room_forbidden");
    }

    [Fact]
    public async Task UnknownRecording_IsNotFound()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Patch, TusRequest.Path, Role.Organizer, TusRequest.Piece([1]), TusRequest.Offset(0));
        await Expect.ProblemAsync(answer, HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Piece_AtTheWrongOffset_IsToldTheRightOne()
    {
        await using var edge = await TusRequest.StartWithRecordingAsync();
        using var first = await edge.SendAsync(HttpMethod.Patch, TusRequest.Path, Role.Organizer, TusRequest.Piece(TusRequest.Bytes(10)), TusRequest.Offset(0));
        using var answer = await edge.SendAsync(HttpMethod.Patch, TusRequest.Path, Role.Organizer, TusRequest.Piece(TusRequest.Bytes(1_000_000)), TusRequest.Offset(3));
        await Expect.ProblemAsync(answer, HttpStatusCode.Conflict, "upload_offset");
        Assert.Equal("10", answer.Headers.GetValues("Upload-Offset").Single());
        Assert.Equal(10, edge.Upstreams.Storage.BytesOf(StorageDouble.Id).Length);
    }

    [Fact]
    public async Task Piece_OverTheLimit_IsTooLarge()
    {
        await using var edge = await TusRequest.StartWithRecordingAsync();
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(edge.Address.Host, edge.Address.Port);
        await using var stream = socket.GetStream();
        var head = $"PATCH {TusRequest.Path} HTTP/1.1\r\nHost: {edge.Address.Authority}\r\n"
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
        await using var edge = await TusRequest.StartWithRecordingAsync();
        edge.Upstreams.Storage.Failure = StorageDouble.Refuse(status, code);
        using var answer = await edge.SendAsync(HttpMethod.Patch, TusRequest.Path, Role.Organizer, TusRequest.Piece(TusRequest.Bytes(300_000)), TusRequest.Offset(0));
        await Expect.ProblemAsync(answer, expected, code == "surprise" ? "internal" : code);
    }
}
