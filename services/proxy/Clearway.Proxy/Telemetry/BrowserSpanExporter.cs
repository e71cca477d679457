using System.Net.Http.Headers;
using System.Threading.Channels;
using Clearway.Telemetry.Otlp;
using Google.Protobuf;
using Grpc.Core;

namespace Clearway.Proxy.Telemetry;

/// <summary>Sends browsers' spans to the collector as those of a service named <c>web</c>. What cannot be sent is dropped.</summary>
internal sealed partial class BrowserSpanExporter(
    Channel<Span> waiting,
    OtlpEndpoint endpoint,
    TraceService.TraceServiceClient grpc,
    IHttpClientFactory clients,
    TimeProvider time,
    ILogger<BrowserSpanExporter> log) : BackgroundService
{
    internal const string ClientName = "browser-spans";

    private const int MaxBatch = 256;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            var scope = new ScopeSpans { Scope = new InstrumentationScope { Name = "Clearway.Web" } };
            while (scope.Spans.Count < MaxBatch && waiting.Reader.TryRead(out var span))
            {
                scope.Spans.Add(span);
            }

            try
            {
                await ExportAsync(Batch(scope), stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested
                && exception is RpcException or HttpRequestException or TaskCanceledException)
            {
                LogDropped(log, scope.Spans.Count, exception.Message);
            }
        }
    }

    private static ExportTraceServiceRequest Batch(ScopeSpans scope)
    {
        var name = new KeyValue { Key = "service.name", Value = new AnyValue { StringValue = "web" } };
        return new ExportTraceServiceRequest
        {
            ResourceSpans = { new ResourceSpans { Resource = new Resource { Attributes = { name } }, ScopeSpans = { scope } } },
        };
    }

    private async Task ExportAsync(ExportTraceServiceRequest batch, CancellationToken cancellationToken)
    {
        if (endpoint.IsGrpc)
        {
            var headers = new Metadata();
            foreach (var (key, value) in endpoint.Headers)
            {
                headers.Add(key, value);
            }

            await grpc.ExportAsync(batch, headers, time.GetUtcNow().UtcDateTime + Timeout, cancellationToken);
            return;
        }

        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        giveUp.CancelAfter(Timeout);
        using var client = clients.CreateClient(ClientName);
        using var content = new ByteArrayContent(batch.ToByteArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint.Address.AbsoluteUri.TrimEnd('/') + "/v1/traces"))
        {
            Content = content,
        };
        foreach (var (key, value) in endpoint.Headers)
        {
            request.Headers.TryAddWithoutValidation(key, value);
        }

        using var answer = await client.SendAsync(request, giveUp.Token);
        answer.EnsureSuccessStatusCode();
    }

    [LoggerMessage(EventId = 301, Level = LogLevel.Warning, Message = "{Count} browser spans were dropped: {Reason}")]
    private static partial void LogDropped(ILogger logger, int count, string reason);
}
