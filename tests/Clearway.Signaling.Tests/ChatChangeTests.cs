using System.Text.Json.Nodes;
using Clearway.Auth.V1;
using Clearway.Signaling.Tests.Driver;

namespace Clearway.Signaling.Tests;

/// <summary>Edits, deletions and reactions, over two nodes.</summary>
public class ChatChangeTests(TalkativeGateway shared) : IClassFixture<TalkativeGateway>
{
    private const string Unknown = "01999999-0000-7000-8000-000000000000";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Edit_ByTheAuthor_ReachesAllEscapedAndStripped(int node)
    {
        var room = $"edit{node}";
        await using var ada = await shared.Gateway.JoinAsync(room, "Ada");
        await using var grace = await shared.Gateway.JoinAsync(room, "Grace", node: node);
        // Before that her node is told of lines as of something she alone missed, and the page it read for her serves others for a second.
        await ada.ExpectAsync("peer-joined");
        var id = await SayAsync(ada, "helo");

        await ada.SendAsync($$"""{"type":"chat_edit","message_id":"{{id}}","text":"<b>hello\u202e"}""");

        foreach (var who in new[] { ada, grace })
        {
            var edited = await who.ExpectAsync("chat_edited");
            Assert.Equal(
                (id, "<b>hello", "&lt;b&gt;hello", "p-ada"),
                ((string)edited["id"]!, (string)edited["text"]!, (string)edited["html"]!, (string)edited["by"]!));
        }

        await using var alan = await shared.Gateway.JoinAsync(room, "Alan", node: 1);
        var history = (await alan.ExpectAsync("chat_history"))["messages"]!.AsArray().Single(one => (string)one!["id"]! == id)!;
        Assert.Equal("<b>hello", (string?)history["text"]);
        Assert.True((long)history["edited_at"]! > 0);
    }

    [Fact]
    public async Task Edit_OfALineOfSomebodyElse_IsForbiddenToAModeratorToo()
    {
        await using var ada = await shared.Gateway.JoinAsync("forbidden", "Ada");
        await using var grace = await shared.Gateway.JoinAsync("forbidden", "Grace", Role.Organizer, node: 1);
        var id = await SayAsync(ada, "mine");

        await grace.SendAsync($$"""{"type":"chat_edit","message_id":"{{id}}","text":"theirs"}""");

        Assert.Equal("message_forbidden", await ErrorAsync(grace));
        Assert.DoesNotContain("chat_edited", ada.Types);
    }

    [Theory]
    [InlineData("""{"type":"chat_edit","message_id":"ID","text":"\u202e "}""", "chat_empty")]
    [InlineData("""{"type":"chat_edit","message_id":"ID"}""", "bad_message")]
    [InlineData("""{"type":"chat_edit","message_id":"1","text":"x"}""", "bad_message")]
    [InlineData("""{"type":"chat_delete"}""", "bad_message")]
    [InlineData("""{"type":"chat_delete","message_id":"UNKNOWN"}""", "message_unknown")]
    [InlineData("""{"type":"reaction","message_id":"UNKNOWN","emoji":"👍","on":true}""", "message_unknown")]
    [InlineData("""{"type":"reaction","message_id":"ID","emoji":"👍👍","on":true}""", "bad_message")]
    [InlineData("""{"type":"reaction","message_id":"ID","emoji":"<b>","on":true}""", "bad_message")]
    [InlineData("""{"type":"reaction","message_id":"ID","emoji":"👍"}""", "bad_message")]
    public async Task Change_ThatIsNotAllowed_IsRefusedAndKeepsTheConnection(string frame, string code)
    {
        await using var ada = await shared.Gateway.JoinAsync("refused" + Guid.NewGuid().ToString("N"), "Ada");
        var id = await SayAsync(ada, "line");

        await ada.SendAsync(frame.Replace("ID", id, StringComparison.Ordinal).Replace("UNKNOWN", Unknown, StringComparison.Ordinal));

        Assert.Equal(code, await ErrorAsync(ada));
        await ada.SendAsync($$"""{"type":"chat_delete","message_id":"{{id}}"}""");
        await ada.ExpectAsync("chat_deleted");
    }

    [Fact]
    public async Task Edit_RightAfterTheLine_IsLimitedAsALineIs()
    {
        await using var gateway = await Gateway.StartAsync();
        await using var ada = await gateway.JoinAsync("hasty", "Ada");
        var id = await SayAsync(ada, "line");

        await ada.SendAsync($$"""{"type":"chat_edit","message_id":"{{id}}","text":"again"}""");

        Assert.Equal("chat_rate", await ErrorAsync(ada));
    }

    [Fact]
    public async Task Edit_WithTooLongAText_IsRefused()
    {
        await using var ada = await shared.Gateway.JoinAsync("editlong", "Ada");
        var id = await SayAsync(ada, "line");

        await ada.SendAsync($$"""{"type":"chat_edit","message_id":"{{id}}","text":"{{new string('a', 1_001)}}"}""");

        Assert.Equal("chat_too_long", await ErrorAsync(ada));
    }

    [Theory]
    [InlineData(Role.Moderator, true)]
    [InlineData(Role.Participant, false)]
    [InlineData(Role.Observer, false)]
    public async Task Delete_OfALineOfSomebodyElse_IsForModerators(Role role, bool isAllowed)
    {
        var room = $"delete-{role}".ToLowerInvariant();
        await using var ada = await shared.Gateway.JoinAsync(room, "Ada");
        await using var grace = await shared.Gateway.JoinAsync(room, "Grace", role, node: 1);
        var id = await SayAsync(ada, "regrets");

        await grace.SendAsync($$"""{"type":"chat_delete","message_id":"{{id}}"}""");

        if (!isAllowed)
        {
            Assert.Equal("message_forbidden", await ErrorAsync(grace));
            Assert.Empty(shared.Gateway.Audit.Of(room));
            return;
        }

        foreach (var who in new[] { ada, grace })
        {
            var deleted = await who.ExpectAsync("chat_deleted");
            Assert.Equal((id, "p-grace"), ((string)deleted["id"]!, (string)deleted["by"]!));
        }

        await Eventually.TrueAsync(
            () => shared.Gateway.Audit.Of(room).Any(audit => (audit.Id, audit["Message"], audit["Participant"]) == (202, id, "p-grace")), "the deletion is on record");

        await ada.SendAsync($$"""{"type":"chat_delete","message_id":"{{id}}"}""");
        Assert.Equal("message_unknown", await ErrorAsync(ada));
        await using var alan = await shared.Gateway.JoinAsync(room, "Alan");
        var tombstone = (await alan.ExpectAsync("chat_history"))["messages"]!.AsArray().Single(one => (string)one!["id"]! == id)!.AsObject();
        Assert.True((long)tombstone["deleted_at"]! > 0);
        Assert.False(tombstone.ContainsKey("text") || tombstone.ContainsKey("html"));
    }

    [Fact]
    public async Task Reaction_OnAndOff_ReachesAllAndTheHistory()
    {
        await using var ada = await shared.Gateway.JoinAsync("reaction", "Ada");
        await using var grace = await shared.Gateway.JoinAsync("reaction", "Grace", Role.Observer, node: 1);
        var id = await SayAsync(ada, "lunch?");

        await grace.SendAsync(Reaction(id, "👍", true));
        await grace.SendAsync(Reaction(id, "❤️", true));
        await grace.SendAsync(Reaction(id, "❤️", false));

        foreach (var who in new[] { ada, grace })
        {
            foreach (var (emoji, isOn) in new[] { ("👍", true), ("❤️", true), ("❤️", false) })
            {
                var reaction = await who.ExpectAsync("reaction");
                Assert.Equal(
                    (id, "p-grace", emoji, isOn),
                    ((string)reaction["message_id"]!, (string)reaction["sender_id"]!, (string)reaction["emoji"]!, (bool)reaction["on"]!));
            }
        }

        await using var alan = await shared.Gateway.JoinAsync("reaction", "Alan");
        var history = (await alan.ExpectAsync("chat_history"))["messages"]!.AsArray().Single(one => (string)one!["id"]! == id)!;
        Assert.Equal("p-grace", (string?)history["reactions"]!.AsArray().Single(one => (string)one!["emoji"]! == "👍")!["by"]![0]);
    }

    [Fact]
    public async Task Reactions_OverTenASecond_AreLimited()
    {
        await using var ada = await shared.Gateway.JoinAsync("manyreactions", "Ada");
        var id = await SayAsync(ada, "busy");

        for (var i = 0; i < 30; i++)
        {
            await ada.SendAsync(Reaction(id, "👍", i % 2 == 0));
        }

        var error = await ada.ExpectAsync("error");
        Assert.Equal("chat_rate", (string?)error["code"]);
        Assert.InRange((int)error["retry_after_ms"]!, 1, 100);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Change_OfALineThatIsNotStoredYet_FollowsIt(int node)
    {
        await using var gateway = await Gateway.StartAsync(nodes: 2);
        await using var ada = await gateway.JoinAsync("follows", "Ada");
        await using var grace = await gateway.JoinAsync("follows", "Grace", Role.Moderator, node: node);
        var stored = new TaskCompletionSource();
        gateway.Chat.Held = stored.Task;
        await ada.SayAsync("not yet stored");
        var id = (string)(await grace.ExpectAsync("chat_broadcast"))["id"]!;

        await grace.SendAsync(Reaction(id, "👍", true));
        await grace.SendAsync($$"""{"type":"chat_delete","message_id":"{{id}}"}""");
        await Eventually.TrueAsync(() => gateway.Chat.UnknownChanges > 0, "the change is asked for");
        stored.SetResult();

        Assert.Equal(id, (string?)(await ada.ExpectAsync("reaction"))["message_id"]);
        Assert.Equal(id, (string?)(await ada.ExpectAsync("chat_deleted"))["id"]);
    }

    [Fact]
    public async Task Change_WhileTheChatServiceIsAway_IsUnavailableAndDoesNothing()
    {
        await using var gateway = await Gateway.StartAsync(settings: ("Signaling:ChatInterval", "00:00:00"));
        await using var ada = await gateway.JoinAsync("away", "Ada");
        var id = await SayAsync(ada, "line");
        gateway.Chat.IsDown = true;

        await ada.SendAsync($$"""{"type":"chat_edit","message_id":"{{id}}","text":"other"}""");
        Assert.Equal("unavailable", await ErrorAsync(ada));
        await ada.SendAsync(Reaction(id, "👍", true));
        Assert.Equal("unavailable", await ErrorAsync(ada));

        Assert.DoesNotContain("chat_edited", ada.Types);
        Assert.DoesNotContain("reaction", ada.Types);
        Assert.DoesNotContain(gateway.Chat.Stored, message => message.Text == "other");
    }

    [Fact]
    public async Task Changes_MissedWhileAway_ComeInOrderAfterResuming()
    {
        await using var ada = await shared.Gateway.JoinAsync("missed", "Ada");
        await using var grace = await shared.Gateway.JoinAsync("missed", "Grace", node: 1);
        await ada.ExpectAsync("peer-joined");
        grace.Cut();
        await ada.ExpectAsync("peer-away");
        var id = await SayAsync(ada, "line");
        await ada.SendAsync(Reaction(id, "👍", true));
        await ada.SendAsync($$"""{"type":"chat_delete","message_id":"{{id}}"}""");
        await ada.ExpectAsync("chat_deleted");

        await using var back = await shared.Gateway.JoinAsync("missed", "Grace", resume: grace.Resume);

        Assert.Equal(id, (string?)(await back.ExpectAsync("chat_broadcast"))["id"]);
        Assert.Equal(id, (string?)(await back.ExpectAsync("reaction"))["message_id"]);
        Assert.Equal(id, (string?)(await back.ExpectAsync("chat_deleted"))["id"]);
    }

    [Fact]
    public async Task Line_WithAClientId_HasItInTheSendersCopyAlone()
    {
        await using var ada = await shared.Gateway.JoinAsync("clientid", "Ada");
        await using var grace = await shared.Gateway.JoinAsync("clientid", "Grace", node: 1);
        await ada.ExpectAsync("peer-joined");

        await ada.SendAsync("""{"type":"chat","text":"hi","client_id":"\"local\" \u0001"}""");

        var own = await ada.ExpectAsync("chat_broadcast");
        Assert.Equal("\"local\" \u0001", (string?)own["client_id"]);
        own.Remove("client_id");
        Assert.True(JsonNode.DeepEquals(own, await grace.ExpectAsync("chat_broadcast")));
    }

    private static string Reaction(string id, string emoji, bool isOn) =>
        $$"""{"type":"reaction","message_id":"{{id}}","emoji":"{{emoji}}","on":{{(isOn ? "true" : "false")}}}""";

    private static async Task<string> SayAsync(Participant who, string text)
    {
        await who.SayAsync(text);
        return (string)(await who.ExpectAsync("chat_broadcast"))["id"]!;
    }

    private static async Task<string?> ErrorAsync(Participant who) => (string?)(await who.ExpectAsync("error"))["code"];
}
