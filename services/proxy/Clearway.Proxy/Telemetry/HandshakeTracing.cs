using System.Diagnostics;
using Microsoft.Net.Http.Headers;

namespace Clearway.Proxy.Telemetry;

/// <summary>
/// Takes the trace context of a WebSocket handshake from its subprotocols. Browsers cannot set headers there, so the client offers
/// <c>traceparent.00-TRACE-SPAN-FLAGS</c> beside <c>clearway.v1</c> (docs/signaling-protocol.md). A traceparent header wins; the request
/// to the gateway carries an ordinary header.
/// </summary>
internal sealed class HandshakePropagator(DistributedContextPropagator inner) : DistributedContextPropagator
{
    private const string Prefix = "traceparent.";

    public override IReadOnlyCollection<string> Fields => inner.Fields;

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) =>
        inner.Inject(activity, carrier, setter);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) =>
        inner.ExtractBaggage(carrier, getter);

    public override void ExtractTraceIdAndState(
        object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState)
    {
        inner.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);
        if (traceId is null && carrier is IHeaderDictionary headers
            && headers.TryGetValue(HeaderNames.SecWebSocketProtocol, out var offered))
        {
            traceId = FromSubprotocols(offered);
        }
    }

    /// <summary>The first well-formed context among the offered subprotocols (RFC 6455 section 11.3.4), or null.</summary>
    internal static string? FromSubprotocols(IEnumerable<string?> offered)
    {
        foreach (var header in offered)
        {
            foreach (var range in header.AsSpan().Split(','))
            {
                var subprotocol = header.AsSpan()[range].Trim();
                if (subprotocol.StartsWith(Prefix, StringComparison.Ordinal)
                    && subprotocol[Prefix.Length..].ToString() is var value
                    && value.Length == 55 && ActivityContext.TryParse(value, null, out _))
                {
                    return value;
                }
            }
        }

        return null;
    }
}

internal static class HandshakeTracingRegistration
{
    internal static void AddHandshakeTracing(this IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton<DistributedContextPropagator>(new HandshakePropagator(DistributedContextPropagator.Current));
}
