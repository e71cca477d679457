using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Clearway.Telemetry.Otlp;
using Google.Protobuf;

namespace Clearway.Proxy.Telemetry;

/// <summary>Body of <c>POST /api/v1/telemetry/spans</c>.</summary>
internal sealed record BrowserSpans(IReadOnlyList<BrowserSpan?> Spans);

/// <summary>A span that a browser finished; ids in lower-case hex, times in milliseconds since 1970-01-01T00:00:00Z.</summary>
internal sealed record BrowserSpan(
    string TraceId, string SpanId, string Name, long StartUnixMs, long EndUnixMs, string? ParentSpanId = null)
{
    internal const int MaxSpans = 16;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    private const int TraceIdBytes = 16;
    private const int SpanIdBytes = 8;
    private const int InternalKind = 1;
    private const ulong NanosecondsPerMillisecond = 1_000_000;

    private static readonly TimeSpan LongestSpan = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan OldestStart = TimeSpan.FromHours(1);

    /// <summary>Clocks of browsers run ahead of ours by this much at most.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>The span as OTLP has it, or false when any of its members is not what the contract says.</summary>
    internal bool TryConvert(DateTimeOffset now, [NotNullWhen(true)] out Span? span)
    {
        span = null;
        var parentId = ByteString.Empty;
        var nowMs = now.ToUnixTimeMilliseconds();
        if (Name is not ("join" or "first_media")
            || StartUnixMs < nowMs - (long)OldestStart.TotalMilliseconds
            || EndUnixMs > nowMs + (long)ClockSkew.TotalMilliseconds
            || EndUnixMs < StartUnixMs
            || EndUnixMs - StartUnixMs > (long)LongestSpan.TotalMilliseconds
            || !TryReadId(TraceId, TraceIdBytes, out var traceId)
            || !TryReadId(SpanId, SpanIdBytes, out var spanId)
            || (ParentSpanId is not null && !TryReadId(ParentSpanId, SpanIdBytes, out parentId))
            || parentId == spanId)
        {
            return false;
        }

        span = new Span
        {
            TraceId = traceId,
            SpanId = spanId,
            ParentSpanId = parentId,
            Name = Name,
            Kind = InternalKind,
            StartTimeUnixNano = (ulong)StartUnixMs * NanosecondsPerMillisecond,
            EndTimeUnixNano = (ulong)EndUnixMs * NanosecondsPerMillisecond,
        };
        return true;
    }

    /// <summary>Lower-case hex that is not all zeros (W3C Trace Context section 3.2.2).</summary>
    private static bool TryReadId(string hex, int length, [NotNullWhen(true)] out ByteString? id)
    {
        id = null;
        if (hex.Length != length * 2 || hex.AsSpan().ContainsAnyExcept(LowerHex) || !hex.AsSpan().ContainsAnyExcept('0'))
        {
            return false;
        }

        id = ByteString.CopyFrom(Convert.FromHexString(hex));
        return true;
    }
}
