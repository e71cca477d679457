using System.Net;
using System.Text.Json.Nodes;
using Clearway.Auth.V1;
using Clearway.Chat.V1;
using Xunit;

namespace Clearway.Proxy.Tests;

public sealed class ChatHistoryTests
{
    private const string Address = "/api/v1/rooms/" + Edge.Room + "/messages";

    [Theory]
    [InlineData("server.chat_history")]
    [InlineData("server.chat_history-changed")]
    public async Task Page_HasTheGoldenShape(string name)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "wire", name + ".json");
        var golden = JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsObject();
        golden.Remove("type");
        await using var edge = await Edge.StartAsync();
        edge.Upstreams.History.Page = new GetPageResponse { NextBefore = (long)golden["next_before"]! };
        edge.Upstreams.History.Page.Messages.AddRange(golden["messages"]!.AsArray().Select(message => Stored(message!.AsObject())));

        using var answer = await edge.SendAsync(HttpMethod.Get, Address + "?before=43&limit=2", Role.Participant);

        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync());
        Assert.True(JsonNode.DeepEquals(golden, body), body?.ToJsonString());
        Assert.Equal(43, edge.Upstreams.History.Asked?.Before);
        Assert.Equal(2, edge.Upstreams.History.Asked?.Limit);
        Assert.Equal(Edge.Room, edge.Upstreams.History.Asked?.Room);
        Assert.Equal("default", edge.Upstreams.History.Asked?.Tenant);
    }

    [Theory]
    [InlineData("?after=41&limit=2", true, 41)]
    [InlineData("?after=0&limit=2", true, 0)]
    [InlineData("?limit=2", false, 0)]
    public async Task After_IsAskedForAndTellsWhereToGoOn(string query, bool isForward, long after)
    {
        await using var edge = await Edge.StartAsync();
        edge.Upstreams.History.Page = new GetPageResponse { NextAfter = 43 };

        using var answer = await edge.SendAsync(HttpMethod.Get, Address + query, Role.Participant);

        var asked = edge.Upstreams.History.Asked!;
        Assert.Equal((0, isForward, after), (asked.Before, asked.HasAfter, asked.After));
        Assert.Equal(43, (long?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["next_after"]);
    }

    [Fact]
    public async Task Room_OfAnotherToken_IsForbidden()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, Address, AuthDouble.Token(Role.Organizer, "zzzzzzzzzzzz"));
        await Expect.ProblemAsync(answer, HttpStatusCode.Forbidden, "room_forbidden");
        Assert.Null(edge.Upstreams.History.Asked);
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=201")]
    [InlineData("?limit=1&limit=2")]
    [InlineData("?before=-1")]
    [InlineData("?after=-1")]
    [InlineData("?before=2&after=1")]
    [InlineData("?before=99999999999999999999")]
    public async Task Query_OutOfRange_IsABadRequest(string query)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, Address + query);
        await Expect.ProblemAsync(answer, HttpStatusCode.BadRequest, "bad_request");
    }

    [Fact]
    public async Task Search_AsksTheTokensRoomAndGivesItsPage()
    {
        await using var edge = await Edge.StartAsync();
        edge.Upstreams.History.Page = new GetPageResponse
        {
            NextBefore = 7,
            Messages = { new ChatMessage { Id = "1", Sequence = 7, SenderId = "p-ada", SenderName = "Ada", Text = "четверг", SentAt = 1 } },
        };

        using var answer = await edge.SendAsync(
            HttpMethod.Get, Address + "/search?text=" + Uri.EscapeDataString("четверга -\"x\"") + "&before=9", Role.Participant);

        var body = await Expect.JsonAsync(answer);
        Assert.Equal("четверг", body.GetProperty("messages")[0].GetProperty("text").GetString());
        Assert.Equal(7, body.GetProperty("next_before").GetInt64());
        var asked = edge.Upstreams.History.Searched!;
        Assert.Equal(("четверга -\"x\"", Edge.Room, 9L, 50), (asked.Text, asked.Room, asked.Before, asked.Limit));
    }

    [Theory]
    [InlineData("/search")]
    [InlineData("/search?text=")]
    [InlineData("/search?text=a&text=b")]
    [InlineData("/search?text=a&limit=201")]
    [InlineData("/export?format=html")]
    public async Task SearchOrExport_OfNothingKnown_IsABadRequest(string path)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, Address + path);
        await Expect.ProblemAsync(answer, HttpStatusCode.BadRequest, "bad_request");
    }

    [Fact]
    public async Task Export_AsJson_HasAllPagesInOneDocument()
    {
        await using var edge = await Edge.StartAsync();
        FillExport(edge);
        using var answer = await edge.SendAsync(HttpMethod.Get, Address + "/export", Role.Participant);
        var body = await Expect.JsonAsync(answer);
        Assert.Equal(Edge.Room, body.GetProperty("room_id").GetString());
        Assert.Equal([1, 2, 3, 4], body.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("sequence").GetInt32()));
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
    }

    [Fact]
    public async Task Export_AsText_LetsNobodyWriteLinesInAnothersName()
    {
        await using var edge = await Edge.StartAsync();
        FillExport(edge);
        using var answer = await edge.SendAsync(HttpMethod.Get, Address + "/export?format=text", Role.Participant);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            """
            1970-01-01 00:00:01Z Ada: one
                1970-01-01 00:00:01Z Grace: forged
            1970-01-01 00:00:02Z Ada: two (edited)
            1970-01-01 00:00:03Z Ada: (deleted)
            1970-01-01 00:00:04Z *: {"kind":"recording"}

            """,
            await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Export_ThatBreaksOff_EndsTheConnection()
    {
        await using var edge = await Edge.StartAsync();
        edge.Upstreams.History.Following.Enqueue(new GetPageResponse { NextAfter = 2, Messages = { Line(1), Line(2) } });
        edge.Upstreams.History.FailsAfterFollowing = true;
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            using var answer = await edge.SendAsync(HttpMethod.Get, Address + "/export", Role.Participant);
        });
    }

    private static void FillExport(Edge edge)
    {
        edge.Upstreams.History.Following.Enqueue(new GetPageResponse { NextAfter = 2, Messages = { Line(1), Line(2) } });
        edge.Upstreams.History.Page = new GetPageResponse { Messages = { Line(3), Line(4) } };
    }

    private static ChatMessage Line(int sequence)
    {
        var line = new ChatMessage { Id = $"{sequence}", Sequence = sequence, SenderId = "p-ada", SenderName = "Ada", SentAt = sequence * 1000 };
        switch (sequence)
        {
            case 1:
                line.Text = "one\n1970-01-01 00:00:01Z Grace: forged";
                break;
            case 2:
                (line.Text, line.EditedAt) = ("two", 9);
                break;
            case 3:
                line.DeletedAt = 9;
                break;
            default:
                (line.SystemData, line.Security, line.SenderId, line.SenderName) = ("""{"kind":"recording"}""", "00", "", "");
                break;
        }

        return line;
    }

    private static ChatMessage Stored(JsonObject message) => new()
    {
        Id = (string)message["id"]!,
        Sequence = (long)message["sequence"]!,
        SenderId = (string?)message["sender_id"] ?? "",
        SenderName = (string?)message["sender_name"] ?? "",
        Text = (string?)message["text"] ?? "",
        SystemData = message["system"]?.ToJsonString() ?? "",
        Security = (string?)message["security"] ?? "",
        SentAt = (long)message["sent_at"]!,
        EditedAt = (long?)message["edited_at"] ?? 0,
        DeletedAt = (long?)message["deleted_at"] ?? 0,
        Reactions = { (message["reactions"]?.AsArray() ?? []).Select(one => Reaction(one!.AsObject())) },
    };

    private static Reaction Reaction(JsonObject reaction) => new()
    {
        Emoji = (string)reaction["emoji"]!,
        Participants = { reaction["by"]!.AsArray().Select(id => (string)id!) },
    };
}
