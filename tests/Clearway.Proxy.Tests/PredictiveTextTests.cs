using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Clearway.Auth.V1;
using Clearway.Chat.V1;
using Xunit;

namespace Clearway.Proxy.Tests;

public sealed class PredictiveTextTests
{
    [Fact]
    public async Task Prefix_WithCompletions_IsAnsweredBestFirst()
    {
        await using var edge = await Edge.StartAsync();
        edge.Upstreams.Predictions.Words = ["привет", "приветствую"];
        using var answer = await edge.SendAsync(HttpMethod.Get, "/api/v1/t9?prefix=%D0%BF%D1%80&limit=2", Role.Observer);

        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal("""{"suggestion":"привет","suggestions":["привет","приветствую"],"is_found":true,"replaced":2}""", text);
        Assert.Equal("пр", edge.Upstreams.Predictions.Asked?.Prefix);
        Assert.Equal(2, edge.Upstreams.Predictions.Asked?.Limit);
        Assert.Equal(("default", Edge.Room), (edge.Upstreams.Predictions.Asked?.Tenant, edge.Upstreams.Predictions.Asked?.Room));
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Service_ThatHangs_IsNotWaitedFor()
    {
        await using var edge = await Edge.StartAsync();
        edge.Upstreams.Predictions.Hangs = true;
        var started = Stopwatch.GetTimestamp();
        using var answer = await edge.SendAsync(HttpMethod.Get, "/api/v1/t9?prefix=he");

        Assert.Equal("""{"suggestion":null,"suggestions":[],"is_found":false,"replaced":0}""", await answer.Content.ReadAsStringAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Service_ThatIsGone_GivesNoSuggestion()
    {
        await using var edge = await Edge.StartAsync(settings: ("services:chat:grpc:0", "http://127.0.0.1:1"));
        using var answer = await edge.SendAsync(HttpMethod.Get, "/api/v1/t9?prefix=he");
        var body = await Expect.JsonAsync(answer);
        Assert.Equal(JsonValueKind.Null, body.GetProperty("suggestion").ValueKind);
        Assert.False(body.GetProperty("is_found").GetBoolean());
    }

    [Theory]
    [InlineData("/api/v1/t9")]
    [InlineData("/api/v1/t9?prefix=a&prefix=b")]
    [InlineData("/api/v1/t9?prefix=a&limit=0")]
    [InlineData("/api/v1/t9?prefix=a&limit=11")]
    [InlineData("/api/v1/t9?prefix=a&limit=-1")]
    [InlineData("/api/v1/t9?prefix=a&limit=x")]
    public async Task Query_OutOfRange_IsABadRequest(string path)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, path);
        await Expect.ProblemAsync(answer, HttpStatusCode.BadRequest, "bad_request");
    }

    [Theory]
    [InlineData(200, HttpStatusCode.OK)]
    [InlineData(201, HttpStatusCode.BadRequest)]
    public async Task Prefix_MayHave200Characters(int length, HttpStatusCode status)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, "/api/v1/t9?prefix=" + new string('a', length));
        Assert.Equal(status, answer.StatusCode);
    }

    [Theory]
    [InlineData("{\"scope\":\"room\"}", Edge.Room, "")]
    [InlineData("{\"scope\":\"room\",\"word\":\"Clearway\"}", Edge.Room, "Clearway")]
    [InlineData("{\"scope\":\"tenant\"}", "", "")]
    public async Task Forget_ByAnOrganizer_ReachesTheService(string body, string room, string word)
    {
        await using var edge = await Edge.StartAsync();
        using var content = Json(body);
        using var answer = await edge.SendAsync(HttpMethod.Post, "/api/v1/t9/forget", content: content);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(new ForgetWordsRequest { Tenant = "default", Room = room, Word = word }, edge.Upstreams.Predictions.Forgotten);
    }

    [Theory]
    [InlineData(Role.Moderator, "room", true)]
    [InlineData(Role.Moderator, "tenant", false)]
    [InlineData(Role.Participant, "room", false)]
    [InlineData(Role.Observer, "room", false)]
    public async Task Forget_ByRole_IsAllowedOrRefused(Role role, string scope, bool isAllowed)
    {
        await using var edge = await Edge.StartAsync();
        using var content = Json($$"""{"scope":"{{scope}}"}""");
        using var answer = await edge.SendAsync(HttpMethod.Post, "/api/v1/t9/forget", role, content);

        Assert.Equal(isAllowed ? HttpStatusCode.NoContent : HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(isAllowed, edge.Upstreams.Predictions.Forgotten is not null);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"scope\":\"world\"}")]
    [InlineData("{\"scope\":\"room\",\"word\":\"\"}")]
    [InlineData("{\"scope\":\"room\",\"word\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}")]
    public async Task Forget_MalformedBody_IsABadRequest(string body)
    {
        await using var edge = await Edge.StartAsync();
        using var content = Json(body);
        using var answer = await edge.SendAsync(HttpMethod.Post, "/api/v1/t9/forget", content: content);
        await Expect.ProblemAsync(answer, HttpStatusCode.BadRequest, "bad_request");
    }

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");
}
