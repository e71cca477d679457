using System.Net;
using System.Text;
using Clearway.Auth.V1;
using Clearway.Testing;
using Xunit;

namespace Clearway.Proxy.Tests;

public sealed class BrowserSpanTests
{
    private const string Path = "/api/v1/telemetry/spans";
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Id = "b7ad6b7169203331";

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task Span_OfABrowser_ReachesTheCollector(string protocol)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var edge = await Edge.StartAsync(settings:
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", protocol == "grpc" ? receiver.GrpcEndpoint : receiver.Endpoint),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
            ("OTEL_EXPORTER_OTLP_HEADERS", "x-otlp-api-key=k%20ey"),
        ]);
        using var answer = await SendAsync(edge, Span());
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);

        var span = await receiver.WaitForSpanAsync(s => s.Service == "web");
        Assert.Equal(("join", Trace, Id, ""), (span.Name, span.TraceId, span.SpanId, span.ParentSpanId));
        Assert.Equal("k ey", receiver.LastHeaders["x-otlp-api-key"]);
    }

    [Fact]
    public async Task Span_WithAParent_ReachesTheCollectorBelowIt()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var edge = await Edge.StartAsync(settings: [("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.GrpcEndpoint)]);
        using var answer = await SendAsync(edge, Span("parent_span_id", "\"00f067aa0ba902b7\""));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);

        var span = await receiver.WaitForSpanAsync(s => s.Service == "web");
        Assert.Equal((Id, "00f067aa0ba902b7"), (span.SpanId, span.ParentSpanId));
    }

    [Fact]
    public async Task Span_WithoutACollector_IsAcceptedAndDropped()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await SendAsync(edge, Span());
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    [Theory]
    [InlineData("name", "\"leave\"")]
    [InlineData("name", "null")]
    [InlineData("trace_id", "\"0AF7651916CD43DD8448EB211C80319C\"")]
    [InlineData("trace_id", "\"00000000000000000000000000000000\"")]
    [InlineData("trace_id", "\"0af7\"")]
    [InlineData("span_id", "\"0000000000000000\"")]
    [InlineData("span_id", "\"b7ad6b716920333g\"")]
    [InlineData("parent_span_id", "\"\"")]
    [InlineData("parent_span_id", "\"0000000000000000\"")]
    [InlineData("parent_span_id", "\"00F067AA0BA902B7\"")]
    [InlineData("parent_span_id", $"\"{Id}\"")]
    [InlineData("start_unix_ms", "0")]
    [InlineData("start_unix_ms", "-9223372036854775808")]
    [InlineData("start_unix_ms", "\"now\"")]
    [InlineData("end_unix_ms", "1")]
    [InlineData("end_unix_ms", "9223372036854775807")]
    public async Task Span_WithAMemberOutOfRange_IsABadRequest(string member, string value)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await SendAsync(edge, Span(member, value));
        await Expect.ProblemAsync(answer, HttpStatusCode.BadRequest, "bad_request");
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public async Task Spans_Are1To16(int count, bool accepted)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await SendAsync(edge, [.. Enumerable.Repeat(Span(), count)]);
        Assert.Equal(accepted ? HttpStatusCode.Accepted : HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("{\"spans\":[null]}", "application/json", HttpStatusCode.BadRequest, "bad_request")]
    [InlineData("{\"spans\":null}", "application/json", HttpStatusCode.BadRequest, "bad_request")]
    [InlineData("{}", "application/json", HttpStatusCode.BadRequest, "bad_request")]
    [InlineData("{\"spans\":[]}", "text/plain", HttpStatusCode.UnsupportedMediaType, "media_type")]
    public async Task Body_OfAnotherForm_IsRefused(string body, string mediaType, HttpStatusCode status, string code)
    {
        await using var edge = await Edge.StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, mediaType);
        using var answer = await edge.SendAsync(HttpMethod.Post, Path, Role.Participant, content);
        await Expect.ProblemAsync(answer, status, code);
    }

    [Fact]
    public async Task Body_OverTheLimit_IsTooLarge()
    {
        await using var edge = await Edge.StartAsync();
        using var content = new StringContent(new string(' ', (16 * 1024) + 1), Encoding.UTF8, "application/json");
        using var answer = await edge.SendAsync(HttpMethod.Post, Path, Role.Participant, content);
        await Expect.ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    private static async Task<HttpResponseMessage> SendAsync(Edge edge, params string[] spans)
    {
        using var content = new StringContent($$"""{"spans":[{{string.Join(',', spans)}}]}""", Encoding.UTF8, "application/json");
        return await edge.SendAsync(HttpMethod.Post, Path, Role.Participant, content);
    }

    private static string Span(string? member = null, string? value = null)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var members = new Dictionary<string, string>
        {
            ["trace_id"] = $"\"{Trace}\"",
            ["span_id"] = $"\"{Id}\"",
            ["name"] = "\"join\"",
            ["start_unix_ms"] = $"{now - 250}",
            ["end_unix_ms"] = $"{now}",
        };
        if (member is not null)
        {
            members[member] = value!;
        }

        return $"{{{string.Join(',', members.Select(m => $"\"{m.Key}\":{m.Value}"))}}}";
    }
}
