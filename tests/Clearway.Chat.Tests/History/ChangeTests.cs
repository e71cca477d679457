using Clearway.Chat.V1;
using Grpc.Core;
using Xunit;

namespace Clearway.Chat.Tests.History;

/// <summary>Edits, deletions and reactions: who may, what is left, and that a repeated change is one change.</summary>
[Collection(SharedChat.Name)]
public class ChangeTests(ChatFixture fixture)
{
    private const long Later = 1_790_000_060_000;

    private readonly ChatHost _chat = fixture.Host;
    private readonly string _room = Lines.NewRoom();

    [Fact]
    public async Task Edit_ByTheAuthor_ChangesTheTextInPlace()
    {
        var line = await SayAsync("helo");
        await SayAsync("next");

        await EditAsync(line, "hello");
        await EditAsync(line, "hello");

        var page = (await _chat.PageAsync(_room)).Messages;
        Assert.Equal([(1, "hello", Later), (2, "next", 0)], page.Select(message => (message.Sequence, message.Text, message.EditedAt)));
    }

    [Fact]
    public async Task Edit_OlderThanTheOneBefore_IsRefused()
    {
        var line = await SayAsync("one");
        await EditAsync(line, "three", at: Later + 1);

        await AssertRefusedAsync(StatusCode.Aborted, "change_outrun", () => EditAsync(line, "two", at: Later));
        Assert.Equal("three", Assert.Single((await _chat.PageAsync(_room)).Messages).Text);
    }

    [Fact]
    public async Task EditAndDelete_BySomebodyElse_AreForbidden()
    {
        var line = await SayAsync("mine");

        await AssertRefusedAsync(StatusCode.PermissionDenied, "message_forbidden", () => EditAsync(line, "theirs", by: "p-grace"));
        await AssertRefusedAsync(StatusCode.PermissionDenied, "message_forbidden", () => DeleteAsync(line, by: "p-grace"));

        Assert.Equal("mine", Assert.Single((await _chat.PageAsync(_room)).Messages).Text);
    }

    [Fact]
    public async Task Changes_OfAMessageOfAnotherRoomOrTenant_AreUnknown()
    {
        var line = await SayAsync("here");
        var elsewhere = Change(line);
        elsewhere.Room = Lines.NewRoom();
        var umbrella = Change(line);
        umbrella.Tenant = "umbrella";

        foreach (var change in new[] { elsewhere, umbrella })
        {
            await AssertRefusedAsync(StatusCode.NotFound, "message_unknown", () => EditAsync(change, "there"));
            await AssertRefusedAsync(StatusCode.NotFound, "message_unknown", () => DeleteAsync(change, isModerator: true));
            await AssertRefusedAsync(StatusCode.NotFound, "message_unknown", () => ReactAsync(change, "👍"));
        }
    }

    [Theory]
    [InlineData("p-ada", false)]
    [InlineData("p-grace", true)]
    public async Task Delete_ByTheAuthorOrAModerator_LeavesATombstone(string by, bool isModerator)
    {
        var line = await SayAsync("regrets");
        await SayAsync("next");
        await EditAsync(line, "many regrets");
        await ReactAsync(Change(line), "👍");

        await DeleteAsync(line, by, isModerator);
        await DeleteAsync(line, by, isModerator, Later + 1);

        var page = (await _chat.PageAsync(_room)).Messages;
        Assert.Equal([1, 2], page.Select(message => message.Sequence));
        var tombstone = page[0];
        Assert.Equal(("", "p-ada", "Ada", Later, 0), (tombstone.Text, tombstone.SenderId, tombstone.SenderName, tombstone.DeletedAt, tombstone.EditedAt));
        Assert.Empty(tombstone.Reactions);
    }

    [Fact]
    public async Task Changes_OfADeletedMessage_AreUnknown_AndNothingBringsItBack()
    {
        var line = await SayAsync("gone");
        await DeleteAsync(line);

        await AssertRefusedAsync(StatusCode.NotFound, "message_unknown", () => EditAsync(line, "back", at: Later + 1));
        await AssertRefusedAsync(StatusCode.NotFound, "message_unknown", () => DeleteAsync(line, "p-grace", isModerator: true));
        await AssertRefusedAsync(StatusCode.NotFound, "message_unknown", () => ReactAsync(Change(line), "👍"));
        Assert.Equal([1], await _chat.AppendAsync(Lines.Line(_room, "gone", id: line.Id)));
        Assert.Equal("", Assert.Single((await _chat.PageAsync(_room)).Messages).Text);
    }

    [Fact]
    public async Task EditAndDelete_OfASystemMessage_AreForbidden_ButReactionsAreNot()
    {
        var system = new ChatMessage
        {
            Id = Guid.NewGuid().ToString(), Tenant = "acme", Room = _room, SystemData = "{}", Security = new string('0', 64), SentAt = 1,
        };
        await _chat.AppendAsync(system);

        await AssertRefusedAsync(StatusCode.PermissionDenied, "message_forbidden", () => EditAsync(system, "mine"));
        await AssertRefusedAsync(StatusCode.PermissionDenied, "message_forbidden", () => DeleteAsync(system, isModerator: true));
        await ReactAsync(Change(system), "🎉");

        var stored = Assert.Single((await _chat.PageAsync(_room)).Messages);
        Assert.Equal(("{}", "🎉"), (stored.SystemData, Assert.Single(stored.Reactions).Emoji));
    }

    [Fact]
    public async Task React_OnAndOff_CountsEachParticipantOncePerEmoji()
    {
        var line = await SayAsync("lunch?");
        await ReactAsync(Change(line, "p-grace"), "👍");
        await ReactAsync(Change(line, "p-alan", Later + 1), "👍");
        await ReactAsync(Change(line, "p-alan", Later + 2), "👍");
        await ReactAsync(Change(line, "p-alan", Later + 3), "❤️");
        await ReactAsync(Change(line, "p-grace", Later + 4), "🎉");
        await ReactAsync(Change(line, "p-grace", Later + 5), "🎉", isOn: false);
        await ReactAsync(Change(line, "p-grace", Later + 6), "🎉", isOn: false);

        var reactions = Assert.Single((await _chat.PageAsync(_room)).Messages).Reactions;

        Assert.Equal(["👍 p-grace,p-alan", "❤️ p-alan"], reactions.Select(one => $"{one.Emoji} {string.Join(',', one.Participants)}"));
    }

    [Fact]
    public async Task React_WithFiftyDifferentOnes_TakesNoFurther()
    {
        var line = await SayAsync("popular");
        var emojis = Enumerable.Range(0, 51).Select(number => char.ConvertFromUtf32(0x1F600 + number)).ToArray();
        foreach (var emoji in emojis[..50])
        {
            await ReactAsync(Change(line), emoji);
        }

        await AssertRefusedAsync(StatusCode.ResourceExhausted, "reactions_full", () => ReactAsync(Change(line), emojis[50]));
        await ReactAsync(Change(line, "p-grace"), emojis[0]);
        Assert.Equal(50, Assert.Single((await _chat.PageAsync(_room)).Messages).Reactions.Count);
    }

    [Fact]
    public async Task Changes_ManyAtOnce_LoseNone()
    {
        var line = await SayAsync("busy");

        await Task.WhenAll(
            Enumerable.Range(0, 40).Select(number => Task.Run(() => ReactAsync(Change(line, $"p-{number}"), "👍")))
                .Append(Task.Run(() => EditAsync(line, "busier"))));

        var stored = Assert.Single((await _chat.PageAsync(_room)).Messages);
        Assert.Equal(("busier", 40), (stored.Text, Assert.Single(stored.Reactions).Participants.Count));
    }

    [Fact]
    public async Task DeleteAndReact_AtOnce_NeverLeaveAReactionToATombstone()
    {
        for (var round = 0; round < 20; round++)
        {
            var line = await SayAsync("race");
            var reacting = Task.Run(() => ReactAsync(Change(line), "👍"));
            await Task.WhenAll(reacting.ContinueWith(_ => { }, TaskScheduler.Default), Task.Run(() => DeleteAsync(line)));
            Assert.True(reacting.IsCompletedSuccessfully || reacting.Exception!.InnerException is RpcException { StatusCode: StatusCode.NotFound });
        }

        Assert.All((await _chat.PageAsync(_room)).Messages, message => Assert.Equal(("", 0), (message.Text, message.Reactions.Count)));
    }

    public static TheoryData<string, Action<MessageChange>> Malformed => new()
    {
        { "tenant_invalid", change => change.Tenant = "" },
        { "room_invalid", change => change.Room = "../x" },
        { "message_id_invalid", change => change.MessageId = "1" },
        { "sender_invalid", change => change.By = "" },
        { "sent_at_invalid", change => change.At = -1 },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Change_Malformed_IsRefused(string code, Action<MessageChange> spoil)
    {
        var change = Change(await SayAsync("line"));
        spoil(change);
        await AssertRefusedAsync(StatusCode.InvalidArgument, code, () => EditAsync(change, "other"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("👍👍")]
    [InlineData("👨‍👩‍👧‍👦\u0301\u0301\u0301\u0301\u0301")]
    public async Task React_WithSomethingThatIsNoEmoji_IsRefused(string emoji)
    {
        var change = Change(await SayAsync("line"));
        await AssertRefusedAsync(StatusCode.InvalidArgument, "emoji_invalid", () => ReactAsync(change, emoji));
    }

    [Fact]
    public async Task Edit_WithATextThatIsTooLong_IsRefused()
    {
        var line = await SayAsync("line");
        await AssertRefusedAsync(StatusCode.InvalidArgument, "text_invalid", () => EditAsync(line, new string('a', 1_001)));
    }

    private static Task AssertRefusedAsync(StatusCode status, string code, Func<Task> call) => Lines.AssertRefusedAsync(status, code, call);

    private static MessageChange Change(ChatMessage line, string by = "p-ada", long at = Later) =>
        new() { Tenant = line.Tenant, Room = line.Room, MessageId = line.Id, By = by, At = at };

    private async Task<ChatMessage> SayAsync(string text)
    {
        var line = Lines.Line(_room, text);
        await _chat.AppendAsync(line);
        return line;
    }

    private Task EditAsync(ChatMessage line, string text, string by = "p-ada", long at = Later) => EditAsync(Change(line, by, at), text);

    private async Task EditAsync(MessageChange change, string text) =>
        await _chat.History.EditAsync(new EditRequest { Change = change, Text = text });

    private Task DeleteAsync(ChatMessage line, string by = "p-ada", bool isModerator = false, long at = Later) =>
        DeleteAsync(Change(line, by, at), isModerator);

    private async Task DeleteAsync(MessageChange change, bool isModerator) =>
        await _chat.History.DeleteAsync(new DeleteRequest { Change = change, IsModerator = isModerator });

    private async Task ReactAsync(MessageChange change, string emoji, bool isOn = true) =>
        await _chat.History.ReactAsync(new ReactRequest { Change = change, Emoji = emoji, On = isOn });
}
