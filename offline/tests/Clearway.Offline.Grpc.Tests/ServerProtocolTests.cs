using System.Net;
using System.Net.Http.Headers;
using Clearway.Offline.Grpc.Tests.Protocol;
using Google.Protobuf;
using Grpc.Core;

namespace Clearway.Offline.Grpc.Tests;

/// <summary>Requests that no good client makes, byte by byte.</summary>
public sealed class ServerProtocolTests(OwnServer server) : IClassFixture<OwnServer>, IDisposable
{
    private const string EchoPath = "/clearway.offline.probe.v1.Probe/Echo";
    private const string CollectPath = "/clearway.offline.probe.v1.Probe/Collect";

    private readonly HttpClient _http = new();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task ContentType_OfAnotherKind_Is415()
    {
        using var response = await SendAsync(EchoPath, [], contentType: "application/json");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Theory]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc; charset=utf-8")]
    public async Task ContentType_WithSuffix_IsServed(string contentType)
    {
        using var response = await SendAsync(EchoPath, Framed(new EchoRequest()), contentType);

        Assert.Equal(StatusCode.OK, StatusOf(response));
        Assert.Equal("application/grpc", response.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task Http1_Request_Is426()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Http1Address, EchoPath));
        request.Content = new ByteArrayContent(Framed(new EchoRequest()));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        using var response = await _http.SendAsync(request);

        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
    }

    [Fact]
    public async Task Get_OnMethodsPath_IsNotServed()
    {
        using var request = Request(EchoPath);
        request.Method = HttpMethod.Get;

        using var response = await _http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task OtherEndpoints_WithTwoSegments_AreLeftAlone()
    {
        using var request = Request("/api/name");

        using var response = await _http.SendAsync(request);

        Assert.Equal("name", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Json_ToUnknownPath_Is404()
    {
        using var response = await SendAsync("/some/where", [], contentType: "application/json");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 })]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 7, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public async Task Body_ThatIsNotOneMessage_IsInternal(byte[] body)
    {
        using var response = await SendAsync(EchoPath, body);

        Assert.Equal(StatusCode.Internal, StatusOf(response));
    }

    [Fact]
    public async Task Message_CutInsideStream_IsInternal()
    {
        using var response = await SendAsync(CollectPath, [.. Framed(new Chunk { Data = ByteString.CopyFrom(1) }), 0, 0, 0, 0, 9, 1]);

        Assert.Equal(StatusCode.Internal, StatusOf(response));
    }

    [Fact]
    public async Task Message_OfClaimedTwoGibibytes_IsRefusedByItsPrefix()
    {
        using var response = await SendAsync(EchoPath, [0, 0x80, 0, 0, 0]);

        Assert.Equal(StatusCode.ResourceExhausted, StatusOf(response));
    }

    [Fact]
    public async Task Message_OfGarbage_IsUnknownWithoutDetails()
    {
        using var response = await SendAsync(EchoPath, [0, 0, 0, 0, 3, 0xff, 0xff, 0xff]);

        Assert.Equal(StatusCode.Unknown, StatusOf(response));
        Assert.Equal("Exception was thrown by handler.", First(response, "grpc-message"));
    }

    [Fact]
    public async Task Compression_Unknown_NamesWhatIsUnderstood()
    {
        using var request = Request(EchoPath);
        request.Headers.Add("grpc-encoding", "br");
        request.Content = new ByteArrayContent([1, 0, 0, 0, 0]);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        using var response = await _http.SendAsync(request);

        Assert.Equal(StatusCode.Unimplemented, StatusOf(response));
        Assert.Equal("identity", response.Headers.GetValues("grpc-accept-encoding").Single());
    }

    [Theory]
    [InlineData("1x")]
    [InlineData("-5S")]
    [InlineData("m")]
    [InlineData("999999999S")]
    public async Task Timeout_ThatMakesNoSense_IsIgnored(string timeout)
    {
        using var request = Request(EchoPath);
        request.Headers.Add("grpc-timeout", timeout);
        request.Content = new ByteArrayContent(Framed(new EchoRequest()));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        using var response = await _http.SendAsync(request);

        Assert.Equal(StatusCode.OK, StatusOf(response));
    }

    [Fact]
    public async Task Deadline_Exceeded_IsSaidInTrailers()
    {
        using var request = Request(EchoPath);
        request.Headers.Add("grpc-timeout", "100m");
        request.Content = new ByteArrayContent(Framed(new EchoRequest { Hang = true }));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        using var response = await _http.SendAsync(request);

        Assert.Equal(StatusCode.DeadlineExceeded, StatusOf(response));
    }

    private static byte[] Framed(IMessage message)
    {
        var payload = message.ToByteArray();
        return [0, 0, 0, (byte)(payload.Length >> 8), (byte)payload.Length, .. payload];
    }

    private static StatusCode StatusOf(HttpResponseMessage response) => (StatusCode)int.Parse(First(response, "grpc-status")!, null);

    private static string? First(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values)
            ? values.Single()
            : null;

    private HttpRequestMessage Request(string path) => new(HttpMethod.Post, new Uri(server.Address, path))
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private async Task<HttpResponseMessage> SendAsync(string path, byte[] body, string contentType = "application/grpc")
    {
        using var request = Request(path);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return await _http.SendAsync(request);
    }
}
