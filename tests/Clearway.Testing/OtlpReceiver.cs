using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Clearway.Telemetry.Otlp;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Clearway.Testing;

/// <summary>A span as a collector sees it; ids in lower-case hex, the parent's empty for a root.</summary>
public sealed record ReceivedSpan(
    string Service,
    string Source,
    string Name,
    string TraceId,
    string SpanId,
    string ParentSpanId,
    int Kind,
    bool IsError,
    IReadOnlyDictionary<string, string> Attributes);

/// <summary>
/// A collector for tests: takes OTLP as protobuf over HTTP (<see cref="Endpoint"/>, with OTEL_EXPORTER_OTLP_PROTOCOL
/// <c>http/protobuf</c>) and over gRPC (<see cref="GrpcEndpoint"/>, with <c>grpc</c>).
/// </summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();
    private readonly ConcurrentQueue<byte[]> _logs = new();
    private TaskCompletionSource _moreSpans = NewSignal(); // replaced at each export of spans, then completed
    private readonly ConcurrentQueue<byte[]> _metrics = new();

    private OtlpReceiver()
    {
        // Empty: settings of the application under test lie in the same folder.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        _app = builder.Build();
        _app.MapPost("/opentelemetry.proto.collector.trace.v1.TraceService/Export", request => ReceiveCallAsync(request, TakeSpans));
        _app.MapPost("/opentelemetry.proto.collector.logs.v1.LogsService/Export", request => ReceiveCallAsync(request, _logs.Enqueue));
        _app.MapPost(
            "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", request => ReceiveCallAsync(request, _metrics.Enqueue));
        _app.MapPost("/v1/traces", request => ReceiveAsync(request, TakeSpans));
        _app.MapPost("/v1/logs", request => ReceiveAsync(request, _logs.Enqueue));
        _app.MapPost("/v1/metrics", request => ReceiveAsync(request, _metrics.Enqueue));
    }

    /// <summary>Base address for HTTP, without a path.</summary>
    public string Endpoint => _app.Urls.First();

    /// <summary>Base address for gRPC.</summary>
    public string GrpcEndpoint => _app.Urls.Last();

    /// <summary>Every span so far.</summary>
    public IReadOnlyList<ReceivedSpan> Spans => [.. _spans];

    /// <summary>Bodies of the log exports so far, undecoded.</summary>
    public IReadOnlyList<byte[]> Logs => [.. _logs];

    /// <summary>Bodies of the metric exports so far, undecoded.</summary>
    public IReadOnlyList<byte[]> Metrics => [.. _metrics];

    /// <summary>Headers of the last request.</summary>
    public IReadOnlyDictionary<string, string> LastHeaders { get; private set; } = new Dictionary<string, string>();

    /// <summary>Starts a receiver on a free port.</summary>
    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Waits for a span.</summary>
    /// <exception cref="TimeoutException">It did not come; the message says what did.</exception>
    public async Task<ReceivedSpan> WaitForSpanAsync(Func<ReceivedSpan, bool> predicate, TimeSpan? timeout = null)
    {
        using var giveUp = new CancellationTokenSource(timeout ?? TimeSpan.FromSeconds(20));
        while (true)
        {
            // Taken before looking: what comes in between completes it.
            var moreSpans = Volatile.Read(ref _moreSpans).Task;
            if (_spans.FirstOrDefault(predicate) is { } span)
            {
                return span;
            }

            try
            {
                await moreSpans.WaitAsync(giveUp.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException(WhatCame());
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private string WhatCame()
    {
        const int Shown = 60;
        var spans = Spans;
        var names = spans.Select(span => $"{span.Service} {span.Name}").Distinct().Order(StringComparer.Ordinal).ToList();
        return $"No such span among {spans.Count} spans of {names.Count} names: {string.Join("; ", names.Take(Shown))}"
            + (names.Count > Shown ? $"; and {names.Count - Shown} more" : "");
    }

    private async Task ReceiveAsync(HttpContext context, Action<byte[]> take)
    {
        // In the process under test the receiver's own requests would be traced as well.
        if (Activity.Current is { } request)
        {
            request.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        LastHeaders = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        take(body.ToArray());
        context.Response.ContentType = "application/x-protobuf";
    }

    /// <summary>A unary gRPC call: five bytes of prefix in front of the message, the status in a trailer.</summary>
    private async Task ReceiveCallAsync(HttpContext context, Action<byte[]> take)
    {
        await ReceiveAsync(context, message => take(message[5..]));
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private void TakeSpans(byte[] body)
    {
        foreach (var resource in ExportTraceServiceRequest.Parser.ParseFrom(body).ResourceSpans)
        {
            var service = resource.Resource.Attributes.FirstOrDefault(a => a.Key == "service.name")?.Value.StringValue ?? "";
            foreach (var scope in resource.ScopeSpans)
            {
                foreach (var span in scope.Spans)
                {
                    _spans.Enqueue(new ReceivedSpan(
                        service,
                        scope.Scope?.Name ?? "",
                        span.Name,
                        Hex(span.TraceId),
                        Hex(span.SpanId),
                        Hex(span.ParentSpanId),
                        span.Kind,
                        span.Status?.Code == 2,
                        span.Attributes.GroupBy(a => a.Key).ToDictionary(g => g.Key, g => Text(g.First().Value), StringComparer.Ordinal)));
                }
            }
        }

        Interlocked.Exchange(ref _moreSpans, NewSignal()).SetResult();
    }

    private static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);

    private static string Text(AnyValue? value) => value?.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.IntValue => value.IntValue.ToString(System.Globalization.CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => "",
    };
}
