using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Clearway.Auth.V1;
using Grpc.Core;
using Xunit;

namespace Clearway.Proxy.Tests;

public sealed class RecordingChapterTests
{
    private const string Root = "/api/v1/records/" + StorageDouble.Id;
    private const string Link = "?expires=1790000000&signature=00ff";

    [Fact]
    public async Task Chapters_ByALink_AreWhatTheRecorderTold()
    {
        await using var edge = await StartAsync();
        using var told = await TellAsync(edge, new { participant_id = "p-grace", name = "Grace", start_ms = 1200, end_ms = 3_723_004 });
        Assert.Equal(HttpStatusCode.NoContent, told.StatusCode);

        using var answer = await edge.SendAsync(HttpMethod.Get, $"{Root}/chapters{Link}", token: null);
        var chapters = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.Equal("Weekly", (string?)chapters["recording"]!["title"]);
        Assert.Equal("Grace", (string?)chapters["chapters"]!.AsArray().Single()!["name"]);
        using var vtt = await edge.SendAsync(HttpMethod.Get, $"{Root}/chapters.vtt{Link}", token: null);
        Assert.Equal("text/vtt", vtt.Content.Headers.ContentType?.MediaType);
        Assert.Equal("WEBVTT\n\n00:00:01.200 --> 01:02:03.004\nGrace\n", await vtt.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Name_InAChapter_IsNeitherMarkupNorACue()
    {
        await using var edge = await StartAsync();
        using var told = await TellAsync(edge, new { participant_id = "p-1", name = "<b>&--> 00:00", start_ms = 0, end_ms = 1 });
        using var vtt = await edge.SendAsync(HttpMethod.Get, $"{Root}/chapters.vtt{Link}", token: null);
        Assert.Equal("WEBVTT\n\n00:00:00.000 --> 00:00:00.001\n&lt;b&gt;&amp;--&gt; 00:00\n", await vtt.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(Role.Participant)]
    [InlineData(Role.Observer)]
    public async Task Speech_OfOneWhoDoesNotRecord_IsRefused(Role role)
    {
        await using var edge = await StartAsync();
        using var told = await edge.SendAsync(HttpMethod.Post, $"{Root}/speech", role, JsonContent.Create(new { speech = Array.Empty<object>() }));
        await Expect.ProblemAsync(told, HttpStatusCode.Forbidden, "role_forbidden");
        Assert.Null(edge.Upstreams.Storage.LastSpeech);
    }

    [Theory]
    [InlineData("""{"speech": []}""")]
    [InlineData("""{"speech": [null]}""")]
    [InlineData("""{"speech": null}""")]
    [InlineData("""{}""")]
    public async Task Speech_WithoutTurns_IsRefused(string body)
    {
        await using var edge = await StartAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var told = await edge.SendAsync(HttpMethod.Post, $"{Root}/speech", content: content);
        await Expect.ProblemAsync(told, HttpStatusCode.BadRequest, "bad_request");
    }

    [Theory]
    [InlineData("/chapters")]
    [InlineData("/chapters.vtt")]
    public async Task Chapters_WithoutAGoodLink_AreRefused(string path)
    {
        await using var edge = await StartAsync();
        using var without = await edge.SendAsync(HttpMethod.Get, Root + path, token: null);
        await Expect.ProblemAsync(without, HttpStatusCode.Forbidden, "link_refused");
        edge.Upstreams.Storage.Failure = StorageDouble.Refuse(StatusCode.PermissionDenied, "link_expired");
        using var expired = await edge.SendAsync(HttpMethod.Get, Root + path + Link, token: null);
        await Expect.ProblemAsync(expired, HttpStatusCode.Gone, "link_expired");
    }

    private static Task<HttpResponseMessage> TellAsync(Edge edge, object turn) =>
        edge.SendAsync(HttpMethod.Post, $"{Root}/speech", content: JsonContent.Create(new { speech = new[] { turn } }));

    private static async Task<Edge> StartAsync()
    {
        var edge = await Edge.StartAsync();
        edge.Upstreams.Storage.Seed([1, 2, 3]);
        return edge;
    }
}
