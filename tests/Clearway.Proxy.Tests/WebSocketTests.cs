using System.Net.WebSockets;
using System.Text;
using Clearway.Proxy.Telemetry;
using Clearway.Testing;
using Xunit;

namespace Clearway.Proxy.Tests;

public sealed class WebSocketTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Span = "b7ad6b7169203331";

    [Fact]
    public async Task Socket_ReachesTheGateway_AndFramesComeBack()
    {
        await using var edge = await Edge.StartAsync();
        using var socket = await ConnectAsync(edge, origin: edge.Address.GetLeftPart(UriPartial.Authority));
        Assert.Equal("clearway.v1", socket.SubProtocol);
        await socket.SendAsync(Encoding.UTF8.GetBytes("{}"), WebSocketMessageType.Text, true, CancellationToken.None);
        var buffer = new byte[16];
        var echo = await socket.ReceiveAsync(buffer, CancellationToken.None);
        Assert.Equal("{}", Encoding.UTF8.GetString(buffer, 0, echo.Count));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

        var seen = Assert.Single(edge.Upstreams.Requests);
        Assert.Equal(new Uri(edge.Upstreams.Http).Authority, seen.Host);
        Assert.Equal(edge.Address.Authority, seen.Headers["X-Forwarded-Host"]);
        Assert.Equal("127.0.0.1", seen.Headers["X-Forwarded-For"]);
    }

    [Fact]
    public async Task Socket_OfAnotherOrigin_IsRefusedBeforeTheGateway()
    {
        await using var edge = await Edge.StartAsync();
        var error = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(edge, origin: "https://evil.example"));
        Assert.Contains("403", error.Message, StringComparison.Ordinal);
        Assert.Empty(edge.Upstreams.Requests);
    }

    [Fact]
    public async Task Socket_WhoseClientGoesAway_IsNoWarning()
    {
        await using var edge = await Edge.StartAsync();
        using var socket = await ConnectAsync(edge);
        socket.Abort();
        var lines = await edge.Log.ReadUntilAsync("Debug The client of web-socket went away");
        Assert.DoesNotContain(lines, line => line.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Socket_WhoseGatewayDies_IsAWarning()
    {
        await using var edge = await Edge.StartAsync();
        using var socket = await ConnectAsync(edge);
        await socket.SendAsync(Encoding.UTF8.GetBytes(Upstreams.Die), WebSocketMessageType.Text, true, CancellationToken.None);
        await edge.Log.ReadUntilAsync("Warning web-socket was not forwarded to its end");
    }

    [Fact]
    public async Task Join_IsOneTrace_FromBrowserToGateway()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var edge = await Edge.StartAsync(
            settings:
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Endpoint),
                ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
                ("OTEL_SERVICE_NAME", "proxy"),
            ]);
        using (var socket = await ConnectAsync(edge, subprotocol: $"traceparent.00-{Trace}-{Span}-01"))
        {
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }

        var server = await receiver.WaitForSpanAsync(s => s is { Service: "proxy", Name: "GET /api/v1/ws" });
        Assert.Equal(Trace, server.TraceId);
        Assert.Equal(Span, server.ParentSpanId);
        Assert.Equal("101", server.Attributes["http.response.status_code"]);

        // What the gateway gets is an ordinary header, of a span below the proxy's own.
        var upstream = Assert.Single(edge.Upstreams.Requests).Headers["traceparent"].Split('-');
        Assert.Equal(Trace, upstream[1]);
        Assert.NotEqual(Span, upstream[2]);
    }

    [Theory]
    [InlineData("clearway.v1", null)]
    [InlineData("clearway.v1, traceparent.00-" + Trace + "-" + Span + "-01", "00-" + Trace + "-" + Span + "-01")]
    [InlineData("traceparent.00-" + Trace + "-" + Span + "-00,clearway.v1", "00-" + Trace + "-" + Span + "-00")]
    [InlineData("traceparent.00-00000000000000000000000000000000-" + Span + "-01", null)]
    [InlineData("traceparent.00-" + Trace + "-0000000000000000-01", null)]
    [InlineData("traceparent.00-" + Trace + "-" + Span + "-01-more", null)]
    [InlineData("traceparent.", null)]
    [InlineData("traceparent.x\r\ny", null)]
    public void Subprotocols_GiveAContextOnlyWhenItIsWellFormed(string offered, string? expected) =>
        Assert.Equal(expected, HandshakePropagator.FromSubprotocols([offered]));

    private static async Task<ClientWebSocket> ConnectAsync(Edge edge, string? origin = null, string? subprotocol = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("clearway.v1");
        if (subprotocol is not null)
        {
            socket.Options.AddSubProtocol(subprotocol);
        }

        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        try
        {
            // As in a browser: no traceparent header, even though this process is traced.
            using var untraced = new HttpMessageInvoker(new SocketsHttpHandler { ActivityHeadersPropagator = null });
            var address = new UriBuilder(edge.Address) { Scheme = "ws", Path = "/api/v1/ws" }.Uri;
            await socket.ConnectAsync(address, untraced, CancellationToken.None);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
