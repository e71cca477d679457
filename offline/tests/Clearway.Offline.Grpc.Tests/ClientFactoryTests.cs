using System.Diagnostics;
using System.Net;
using Clearway.Offline.Grpc.Tests.Protocol;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Clearway.Offline.Grpc.Tests;

/// <summary>Services and clients as hosts register them.</summary>
public sealed class ClientFactoryTests(OwnServer server) : IClassFixture<OwnServer>
{
    [Fact]
    public async Task Client_Registered_IsResolvedAndCalls()
    {
        var services = new ServiceCollection();
        services.AddGrpcClient<Probe.ProbeClient>(options => options.Address = server.Address);
        await using var provider = services.BuildServiceProvider();

        var first = provider.GetRequiredService<Probe.ProbeClient>();

        Assert.Equal("hi", (await first.EchoAsync(new EchoRequest { Text = "hi" })).Text);
        Assert.NotSame(first, provider.GetRequiredService<Probe.ProbeClient>());
    }

    [Fact]
    public async Task Client_WithoutAddress_SaysSo()
    {
        var services = new ServiceCollection();
        services.AddGrpcClient<Probe.ProbeClient>();
        await using var provider = services.BuildServiceProvider();

        Assert.Throws<InvalidOperationException>(provider.GetRequiredService<Probe.ProbeClient>);
    }

    [Fact]
    public async Task Handlers_OfTheHttpClient_SeeTheCall()
    {
        var seen = new List<string>();
        var services = new ServiceCollection();
        services.AddGrpcClient<Probe.ProbeClient>((_, options) => options.Address = server.Address)
            .AddHttpMessageHandler(() => new SeeingHandler(seen))
            .ConfigureChannel(options => options.MaxReceiveMessageSize = 100);
        await using var provider = services.BuildServiceProvider();
        var probe = provider.GetRequiredService<Probe.ProbeClient>();

        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await probe.EchoAsync(new EchoRequest { ReplyPadding = 200 }));

        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        Assert.Equal(["/clearway.offline.probe.v1.Probe/Echo"], seen);
    }

    [Fact]
    public async Task Trace_OfTheCaller_ReachesTheServersSpan()
    {
        using var source = new ActivitySource("caller");
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = activitySource => activitySource.Name is "caller" or "System.Net.Http" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (spans)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var app = await StartAsync(builder => builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2)));
        var services = new ServiceCollection();
        services.AddGrpcClient<Probe.ProbeClient>(options => options.Address = new Uri(app.Urls.Single()));
        await using var provider = services.BuildServiceProvider();

        using var caller = source.StartActivity("call")!;
        await provider.GetRequiredService<Probe.ProbeClient>().EchoAsync(new EchoRequest());

        Activity? serverSpan = null;
        await Eventually.TrueAsync(() =>
        {
            lock (spans)
            {
                serverSpan = spans.Find(span => span.Source.Name == "Microsoft.AspNetCore" && span.TraceId == caller.TraceId);
            }

            return Task.FromResult(serverSpan is not null);
        });
        Assert.Equal("/clearway.offline.probe.v1.Probe/Echo", serverSpan!.GetTagItem("grpc.method"));
        Assert.Equal("0", serverSpan.GetTagItem("grpc.status_code"));
    }

    [Fact]
    public async Task Calls_OverATestServer_Work()
    {
        await using var app = await StartAsync(builder => builder.WebHost.UseTestServer());
        using var channel = GrpcChannel.ForAddress(
            "http://localhost", new GrpcChannelOptions { HttpHandler = app.GetTestServer().CreateHandler() });
        var probe = new Probe.ProbeClient(channel);

        var reply = await probe.EchoAsync(new EchoRequest { Text = "inside" });
        using var talk = probe.Converse();
        await talk.RequestStream.WriteAsync(new EchoRequest { Text = "eins" });
        Assert.True(await talk.ResponseStream.MoveNext());
        await talk.RequestStream.CompleteAsync();
        Assert.False(await talk.ResponseStream.MoveNext());
        var refusal = await Assert.ThrowsAsync<RpcException>(
            async () => await probe.EchoAsync(new EchoRequest { Status = (int)StatusCode.NotFound }));

        Assert.Equal("inside", reply.Text);
        Assert.Equal(StatusCode.NotFound, refusal.StatusCode);
    }

    [Fact]
    public async Task Endpoint_OfAMethod_KnowsItsRouteAndMethod()
    {
        Endpoint? seen = null;
        await using var app = await StartAsync(
            builder => builder.WebHost.UseTestServer(),
            app => app.Use((http, next) =>
            {
                seen = http.GetEndpoint();
                return next(http);
            }));
        using var channel = GrpcChannel.ForAddress(
            "http://localhost", new GrpcChannelOptions { HttpHandler = app.GetTestServer().CreateHandler() });

        await new Probe.ProbeClient(channel).EchoAsync(new EchoRequest());

        Assert.Equal("/clearway.offline.probe.v1.Probe/Echo", ((RouteEndpoint)seen!).RoutePattern.RawText);
        Assert.Equal("Echo", seen.Metadata.GetRequiredMetadata<GrpcMethodMetadata>().Method.Name);
    }

    private static async Task<WebApplication> StartAsync(Action<WebApplicationBuilder> configure, Action<WebApplication>? use = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<ProbeObservations>();
        configure(builder);
        var app = builder.Build();
        use?.Invoke(app);
        app.MapGrpcService<ProbeService>();
        await app.StartAsync();
        return app;
    }

    private sealed class SeeingHandler(List<string> seen) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen.Add(request.RequestUri!.AbsolutePath);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
