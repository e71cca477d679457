using Clearway.Testing;

namespace Clearway.EndToEndTests;

/// <summary>What an operator sees of one join: the spans that a collector received.</summary>
[Collection(nameof(ClearwayCollection))]
public sealed class JoinTraceTests(ClearwayFixture clearway) : IDisposable
{
    public void Dispose() => clearway.App.ThrowOnLoggedErrors();

    private const string RedisCommands = "OpenTelemetry.Instrumentation.StackExchangeRedis";

    [Fact]
    public async Task Join_OfABrowser_IsOneTraceFromBrowserToRedis()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await ada.SignInAsync();
        await ada.CreateRoomAsync("Traced");
        await ada.JoinFromLobbyAsync();
        var traceId = await ada.Page.EvaluateAsync<string>("() => window.clearway.traceId");

        var browser = await SpanAsync(traceId, span => span.Service == "web" && span.Name == "join");
        var gateway = await SpanAsync(traceId, span => span.Service == "signaling" && span.Name == "join");
        await SpanAsync(traceId, span => span.Service == "auth" && span.Name.Contains("VerifyToken", StringComparison.Ordinal));
        await SpanAsync(traceId, span => span.Service == "signaling" && span.Source == RedisCommands);
        await SpanAsync(traceId, span => span.Service == "auth" && span.Source == RedisCommands);

        // The proxy's and the gateway's request spans last as long as the WebSocket: they are exported when it ends.
        await ada.LeaveAsync();
        await SpanAsync(traceId, span => span.Service == "proxy" && span.Attributes.GetValueOrDefault("http.route")?.Contains("ws", StringComparison.Ordinal) == true);
        await SpanAsync(traceId, span => span.Service == "signaling" && span.Attributes.GetValueOrDefault("http.route")?.Contains("ws", StringComparison.Ordinal) == true);

        var trace = clearway.App.Telemetry.Spans.Where(span => span.TraceId == traceId).ToList();
        Artefacts.WriteTrace("join-trace.txt", trace);
        Assert.Equal("", browser.ParentSpanId);
        Assert.All(trace.Where(span => span != browser), span => Assert.Contains(trace, parent => parent.SpanId == span.ParentSpanId));
        Assert.DoesNotContain(trace, span => span.IsError);
        Assert.Contains(trace, span => span.ParentSpanId == gateway.SpanId);
    }

    private Task<ReceivedSpan> SpanAsync(string traceId, Func<ReceivedSpan, bool> which) =>
        clearway.App.Telemetry.WaitForSpanAsync(span => span.TraceId == traceId && which(span), TimeSpan.FromSeconds(30));
}
