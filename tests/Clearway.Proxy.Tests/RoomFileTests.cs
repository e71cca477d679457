using System.Net;
using System.Text;
using Clearway.Auth.V1;
using Grpc.Core;
using Xunit;

namespace Clearway.Proxy.Tests;

public sealed class RoomFileTests
{
    private const string Address = "/api/v1/rooms/" + Edge.Room + "/files";

    [Fact]
    public async Task Upload_GoesToChatUnderTheTokensNameWhateverTheTypeClaimed()
    {
        await using var edge = await Edge.StartAsync();
        var bytes = new byte[200_000];
        Random.Shared.NextBytes(bytes);

        using var answer = await UploadAsync(edge, bytes, "%D0%BF%D0%BB%D0%B0%D0%BD.html");

        var body = await Expect.JsonAsync(answer, HttpStatusCode.Created);
        Assert.Equal(edge.Upstreams.Files.File.Id, body.GetProperty("file_id").GetString());
        Assert.Equal("{}", body.GetProperty("system_data").GetString());
        Assert.Equal(bytes, edge.Upstreams.Files.Bytes);
        var header = edge.Upstreams.Files.Header!;
        Assert.Equal(("план.html", Edge.Room, "default", 200_000), (header.Name, header.Room, header.Tenant, header.Size));
        Assert.StartsWith("p-", header.SenderId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("body_too_large", StatusCode.InvalidArgument, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("quota_exceeded", StatusCode.ResourceExhausted, HttpStatusCode.InsufficientStorage)]
    [InlineData("unavailable", StatusCode.Unavailable, HttpStatusCode.ServiceUnavailable)]
    public async Task Upload_ThatChatRefuses_SaysWhy(string code, StatusCode status, HttpStatusCode expected)
    {
        await using var edge = await Edge.StartAsync();
        edge.Upstreams.Files.Refusal = (status, code);
        using var answer = await UploadAsync(edge, new byte[1_000_000], "x");
        await Expect.ProblemAsync(answer, expected, code);
    }

    [Fact]
    public async Task Upload_WithoutAName_IsABadRequest()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Post, Address, Role.Participant, new ByteArrayContent([1]));
        await Expect.ProblemAsync(answer, HttpStatusCode.BadRequest, "bad_request");
    }

    [Theory]
    [InlineData("image/png", "image/png", "inline")]
    [InlineData("application/octet-stream", "application/octet-stream", "attachment")]
    [InlineData("text/html", "application/octet-stream", "attachment")]
    [InlineData("image/svg+xml", "application/octet-stream", "attachment")]
    public async Task Download_ShowsNothingButSafeImages(string type, string sent, string disposition)
    {
        await using var edge = await Edge.StartAsync();
        edge.Upstreams.Files.Bytes = Encoding.ASCII.GetBytes("<script>");
        edge.Upstreams.Files.File.ContentType = type;
        edge.Upstreams.Files.File.Name = "план\".png";

        using var answer = await edge.SendAsync(HttpMethod.Get, $"{Address}/{edge.Upstreams.Files.File.Id}", Role.Observer);

        Assert.Equal("<script>", await answer.Content.ReadAsStringAsync());
        Assert.Equal(sent, answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(disposition, answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("план\".png", answer.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("default-src 'none'; sandbox", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
    }

    [Fact]
    public async Task Head_TellsTheSizeWithoutTheBytes()
    {
        await using var edge = await Edge.StartAsync();
        edge.Upstreams.Files.Bytes = new byte[123];
        using var answer = await edge.SendAsync(HttpMethod.Head, $"{Address}/{edge.Upstreams.Files.File.Id}", Role.Participant);
        Assert.Equal((HttpStatusCode.OK, 123), (answer.StatusCode, answer.Content.Headers.ContentLength));
    }

    [Theory]
    [InlineData("11111111-1111-4222-8333-444455556666")]
    [InlineData("..%2f..%2fplan")]
    [InlineData("x")]
    public async Task Download_OfNoFile_IsNotFound(string id)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, $"{Address}/{id}", Role.Participant);
        await Expect.ProblemAsync(answer, HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Files_OfAnotherRoom_AreForbidden()
    {
        await using var edge = await Edge.StartAsync();
        var token = AuthDouble.Token(Role.Organizer, "zzzzzzzzzzzz");
        using var read = await edge.SendAsync(HttpMethod.Get, $"{Address}/{edge.Upstreams.Files.File.Id}", token);
        await Expect.ProblemAsync(read, HttpStatusCode.Forbidden, "room_forbidden");
        using var written = await edge.SendAsync(HttpMethod.Post, Address, token, new ByteArrayContent([1]));
        await Expect.ProblemAsync(written, HttpStatusCode.Forbidden, "room_forbidden");
        using var nobody = await edge.SendAsync(HttpMethod.Get, $"{Address}/{edge.Upstreams.Files.File.Id}", token: null);
        await Expect.ProblemAsync(nobody, HttpStatusCode.Unauthorized, "token_missing");
    }

    private static Task<HttpResponseMessage> UploadAsync(Edge edge, byte[] bytes, string name) => edge.SendAsync(
        HttpMethod.Post, Address, Role.Participant, new ByteArrayContent(bytes), headers => headers.Add("Clearway-File-Name", name));
}
