using System.Diagnostics;
using System.Text;
using Clearway.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Clearway.ServiceDefaults.Tests;

public sealed class TelemetryTests
{
    private const int Server = 2;

    [Fact]
    public async Task Request_IsExportedWithNameRouteAndStatus()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var service = await StartAsync(receiver))
        {
            using var answer = await service.Client.GetAsync(new Uri("/things/7", UriKind.Relative));
            await service.StopAsync();
        }

        var span = Assert.Single(receiver.Spans, s => s.Kind == Server);
        Assert.Equal("GET /things/{id}", span.Name);
        Assert.Equal("/things/{id}", span.Attributes["http.route"]);
        Assert.Equal("418", span.Attributes["http.response.status_code"]);
        Assert.Equal("tea", span.Service);
        Assert.False(span.IsError);
    }

    [Fact]
    public async Task Request_IsExportedOverGrpcAsWell()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var service = await StartAsync(receiver, receiver.GrpcEndpoint, "grpc"))
        {
            using var answer = await service.Client.GetAsync(new Uri("/things/7", UriKind.Relative));
            await service.StopAsync();
        }

        Assert.Contains(receiver.Spans, s => s.Name == "GET /things/{id}");
    }

    [Fact]
    public async Task FailedRequest_IsAnErrorSpan()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var service = await StartAsync(receiver))
        {
            using var answer = await service.Client.GetAsync(new Uri("/broken", UriKind.Relative));
            await service.StopAsync();
        }

        var span = Assert.Single(receiver.Spans, s => s.Kind == Server);
        Assert.True(span.IsError);
        Assert.Equal("500", span.Attributes["http.response.status_code"]);
        Assert.Equal("System.InvalidOperationException", span.Attributes["error.type"]);
    }

    [Fact]
    public async Task Query_AppearsInNoSpanLogOrMetric()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var service = await StartAsync(receiver))
        {
            // The service calls itself, so that the client side's span is exported as well.
            using var answer = await service.Client.GetAsync(new Uri("/relay?signature=t0psecret", UriKind.Relative));
            Assert.True(answer.IsSuccessStatusCode);
            await service.StopAsync();
        }

        Assert.Contains(receiver.Spans, s => s.Name == "GET /relay");
        Assert.Contains(receiver.Spans, s => s.Kind == 3);
        Assert.DoesNotContain(receiver.Spans, s => s.Attributes.Values.Any(v => v.Contains("t0psecret", StringComparison.Ordinal)));
        Assert.NotEmpty(receiver.Logs);
        Assert.NotEmpty(receiver.Metrics);
        Assert.Contains(receiver.Logs, body => Text(body).Contains("relayed 1 request", StringComparison.Ordinal));
        Assert.DoesNotContain(receiver.Logs.Concat(receiver.Metrics), body => Text(body).Contains("t0psecret", StringComparison.Ordinal));
        Assert.Contains(receiver.Metrics, body => Text(body).Contains("http.server.request.duration", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HealthRequest_IsInNoTrace_EvenWithASampledParent()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var service = await StartAsync(receiver))
        {
            using var probe = new HttpRequestMessage(HttpMethod.Get, new Uri("/health/ready", UriKind.Relative));
            probe.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            using var health = await service.Client.SendAsync(probe);
            using var answer = await service.Client.GetAsync(new Uri("/things/1", UriKind.Relative));
            await service.StopAsync();
        }

        Assert.Contains(receiver.Spans, s => s.Kind == Server && s.Name == "GET /things/{id}");
        Assert.DoesNotContain(receiver.Spans, s => s.Kind == Server && s.Name != "GET /things/{id}");
    }

    [Fact]
    public async Task OwnSource_JoinsTheRequestsTrace()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var service = await StartAsync(receiver))
        {
            using var answer = await service.Client.GetAsync(new Uri("/own", UriKind.Relative));
            await service.StopAsync();
        }

        var request = Assert.Single(receiver.Spans, s => s.Kind == Server);
        var own = Assert.Single(receiver.Spans, s => s.Source == "Clearway.Tea");
        Assert.Equal(request.TraceId, own.TraceId);
        Assert.Equal(request.SpanId, own.ParentSpanId);
    }

    [Fact]
    public async Task WithoutReceiver_ServiceStarts()
    {
        await using var service = await TestService.StartAsync();
        using var answer = await service.Client.GetAsync(new Uri("/health/live", UriKind.Relative));
        Assert.True(answer.IsSuccessStatusCode);
    }

    private static Task<TestService> StartAsync(
        OtlpReceiver receiver, string? endpoint = null, string protocol = "http/protobuf") => TestService.StartAsync(
        builder => builder.Services.AddHttpClient(),
        app =>
        {
            app.MapGet("/things/{id}", (string id) => Results.StatusCode(418));
            app.MapGet("/broken", void () => throw new InvalidOperationException("broken"));
            app.MapGet("/own", () =>
            {
                using var source = new ActivitySource("Clearway.Tea");
                using var own = source.StartActivity("brew");
                return "ok";
            });
            app.MapGet("/relay", async (HttpContext context, IHttpClientFactory clients, ILogger<TelemetryTests> log) =>
            {
                using var client = clients.CreateClient();
                using var answer = await client.GetAsync(new Uri($"http://{context.Request.Host}/things/1{context.Request.QueryString}"));
#pragma warning disable CA1848, CA1873 // One line for one test.
                log.LogWarning("relayed {Count} request", 1);
#pragma warning restore CA1848, CA1873
                return "ok";
            });
        },
        "Production",
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint ?? receiver.Endpoint),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
        ("OTEL_SERVICE_NAME", "tea"));

    private static string Text(byte[] body) => Encoding.Latin1.GetString(body);
}
