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

    [Fact]
    public async Task After_IsAskedForAndTellsWhereToGoOn()
    {
        await using var edge = await Edge.StartAsync();
        edge.Upstreams.History.Page = new GetPageResponse { NextAfter = 43 };

        using var answer = await edge.SendAsync(HttpMethod.Get, Address + "?after=41&limit=2", Role.Participant);

        Assert.Equal((0, 41), (edge.Upstreams.History.Asked?.Before, edge.Upstreams.History.Asked?.After));
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
