using System.Net;
using System.Net.Sockets;
using Clearway.Offline.Grpc.Tests.Protocol;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Clearway.Offline.Grpc.Tests;

/// <summary>The client where no good server answers.</summary>
public sealed class ClientTransportTests
{
    [Fact]
    public async Task Connection_Refused_IsUnavailable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        var probe = new Probe.ProbeClient(channel);

        using var upload = probe.Collect();
        var unary = await Assert.ThrowsAsync<RpcException>(async () => await probe.EchoAsync(new EchoRequest()));
        var write = await Assert.ThrowsAsync<RpcException>(() => upload.RequestStream.WriteAsync(new Chunk()));

        Assert.Equal(StatusCode.Unavailable, unary.StatusCode);
        Assert.IsType<HttpRequestException>(unary.Status.DebugException);
        Assert.Equal(StatusCode.Unavailable, write.StatusCode);
    }

    [Theory]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(500, StatusCode.Unknown)]
    public async Task Answer_OfAGateway_IsMapped(int httpStatus, StatusCode expected) =>
        await AssertStatusAsync(expected, http =>
        {
            http.Response.StatusCode = httpStatus;
            return Task.CompletedTask;
        });

    [Fact]
    public async Task Answer_OfAWebPage_IsNotAMessage() =>
        await AssertStatusAsync(StatusCode.Cancelled, http => http.Response.WriteAsync("<html>"));

    [Fact]
    public async Task Answer_WithoutStatus_IsNotASuccess() => await AssertStatusAsync(StatusCode.Cancelled, async http =>
    {
        http.Response.ContentType = "application/grpc";
        await http.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 0 });
    });

    [Fact]
    public async Task Answer_WithoutMessage_IsInternal() => await AssertStatusAsync(StatusCode.Internal, http =>
    {
        http.Response.ContentType = "application/grpc";
        http.Response.Headers["grpc-status"] = "0";
        return Task.CompletedTask;
    });

    [Fact]
    public async Task Answer_CutInsideMessage_IsInternal() => await AssertStatusAsync(StatusCode.Internal, async http =>
    {
        http.Response.ContentType = "application/grpc";
        await http.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 9, 1 });
    });

    [Theory]
    [InlineData(0x7, StatusCode.Unavailable)]
    [InlineData(0x8, StatusCode.Cancelled)]
    [InlineData(0xb, StatusCode.ResourceExhausted)]
    [InlineData(0x2, StatusCode.Internal)]
    public async Task Reset_AfterHeaders_IsMapped(int errorCode, StatusCode expected) => await AssertStatusAsync(expected, async http =>
    {
        // A request that is still being sent is cancelled by the reset, which tells no code.
        await http.Request.Body.CopyToAsync(Stream.Null);
        http.Response.ContentType = "application/grpc";
        await http.Response.StartAsync();
        http.Features.GetRequiredFeature<IHttpResetFeature>().Reset(errorCode);
    });

    private static async Task AssertStatusAsync(StatusCode expected, RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        await using var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        using var channel = GrpcChannel.ForAddress(app.Urls.Single());

        var failure = await Assert.ThrowsAsync<RpcException>(
            () => new Probe.ProbeClient(channel).EchoAsync(new EchoRequest()).ResponseAsync.WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Equal(expected, failure.StatusCode);
    }
}
