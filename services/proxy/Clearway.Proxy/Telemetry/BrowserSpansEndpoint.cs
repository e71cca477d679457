using System.Threading.Channels;
using Clearway.Proxy.Access;
using Clearway.Proxy.Errors;
using Clearway.Telemetry.Otlp;

namespace Clearway.Proxy.Telemetry;

/// <summary><c>POST /api/v1/telemetry/spans</c>: the browser's part of a trace, checked and passed on to the collector.</summary>
internal static class BrowserSpansEndpoint
{
    private const int MaxBodyBytes = 16 * 1024;

    /// <summary>Spans that wait for the collector; more than these are dropped, oldest first.</summary>
    private const int MaxWaiting = 1_024;

    internal static void AddBrowserSpans(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(Channel.CreateBounded<Span>(
            new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }));

        if (OtlpEndpoint.Read(builder.Configuration) is { } endpoint)
        {
            builder.Services.AddSingleton(endpoint);
            builder.Services.AddHttpClient(BrowserSpanExporter.ClientName);
            builder.Services.AddGrpcClient<TraceService.TraceServiceClient>(client => client.Address = endpoint.Address);
            builder.Services.AddHostedService<BrowserSpanExporter>();
        }
    }

    internal static void MapBrowserSpans(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/api/v1/telemetry/spans", TakeAsync).RequireRoomToken();

    private static async Task<IResult> TakeAsync(HttpContext context, Channel<Span> waiting, TimeProvider time)
    {
        var (body, problem) = await JsonBody.ReadAsync<BrowserSpans>(context.Request, MaxBodyBytes);
        if (body is null)
        {
            return problem!.ToResult();
        }

        if (body.Spans.Count is 0 or > BrowserSpan.MaxSpans)
        {
            return Problem.BadRequest($"spans has 1 to {BrowserSpan.MaxSpans} members.").ToResult();
        }

        var now = time.GetUtcNow();
        var spans = new List<Span>(body.Spans.Count);
        foreach (var candidate in body.Spans)
        {
            if (candidate is null || !candidate.TryConvert(now, out var span))
            {
                return Problem.BadRequest($"spans[{spans.Count}] is not a span of the documented form.").ToResult();
            }

            spans.Add(span);
        }

        foreach (var span in spans)
        {
            waiting.Writer.TryWrite(span);
        }

        return Results.StatusCode(StatusCodes.Status202Accepted);
    }
}
