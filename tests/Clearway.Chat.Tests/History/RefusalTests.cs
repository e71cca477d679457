using Clearway.Chat.V1;
using Grpc.Core;
using Xunit;

namespace Clearway.Chat.Tests.History;

[Collection(SharedChat.Name)]
public class RefusalTests(ChatFixture fixture)
{
    private static readonly string Signature = new('0', 64);

    private readonly ChatHost _chat = fixture.Host;

    public static TheoryData<string, Action<ChatMessage>> Malformed => new()
    {
        { "message_id_invalid", message => message.Id = "" },
        { "message_id_invalid", message => message.Id = "1" },
        { "message_id_invalid", message => message.Id = Guid.NewGuid().ToString("N") },
        { "message_id_invalid", message => message.Id = Guid.NewGuid().ToString("B") },
        { "message_id_invalid", message => message.Id = " " + message.Id[..35] },
        { "tenant_invalid", message => message.Tenant = "" },
        { "tenant_invalid", message => message.Tenant = "Acme" },
        { "tenant_invalid", message => message.Tenant = "acme\n" },
        { "tenant_invalid", message => message.Tenant = "аcme" },
        { "room_invalid", message => message.Room = "" },
        { "room_invalid", message => message.Room = "../x" },
        { "room_invalid", message => message.Room = "a'; drop table chat.messages; --" },
        { "room_invalid", message => message.Room = new string('a', 65) },
        { "sender_invalid", message => message.SenderId = "" },
        { "sender_invalid", message => message.SenderId = "p ada" },
        { "sender_invalid", message => message.SenderName = "" },
        { "sender_invalid", message => message.SenderName = new string('a', 65) },
        { "text_invalid", message => message.Text = "" },
        { "text_invalid", message => message.Text = new string('a', 1001) },
        { "text_invalid", message => message.Text = string.Concat(Enumerable.Repeat("👨‍👩‍👧‍👦", 1001)) },
        { "text_invalid", message => message.Text = "a" + new string('\u0301', 32_768) },
        { "text_invalid", message => message.Text = "a\0b" },
        { "system_data_invalid", message => message.Security = Signature },
        { "sent_at_invalid", message => message.SentAt = -1 },
        { "sent_at_invalid", message => message.SentAt = long.MaxValue },
        { "sender_invalid", message => (message.SystemData, message.Security) = ("{}", Signature) },
        { "text_invalid", message => (message.SenderId, message.SystemData, message.Security) = ("", "{}", Signature) },
        { "system_data_invalid", message => (message.SenderId, message.Text, message.SystemData) = ("", "", "{}") },
        { "system_data_invalid", message => (message.SenderId, message.Text, message.SystemData, message.Security) = ("", "", "{", Signature) },
        { "system_data_invalid", message => (message.SenderId, message.Text, message.SystemData, message.Security) = ("", "", "[]", Signature) },
        { "system_data_invalid", message => (message.SenderId, message.Text, message.SystemData, message.Security) = ("", "", "{}", new string('A', 64)) },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Append_MalformedMessage_IsRefusedAndNothingOfItsBatchIsStored(string code, Action<ChatMessage> spoil)
    {
        var room = Lines.NewRoom();
        var spoilt = Lines.Line(room);
        spoil(spoilt);
        await Lines.AssertRefusedAsync(StatusCode.InvalidArgument, code, () => _chat.AppendAsync(Lines.Line(room), spoilt));
        Assert.Empty((await _chat.PageAsync(room)).Messages);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("👨‍👩‍👧‍👦")]
    [InlineData("e\u0301")]
    public async Task Append_ThousandTextElements_IsStored(string element)
    {
        var room = Lines.NewRoom();
        var text = string.Concat(Enumerable.Repeat(element, 1000));
        await _chat.AppendAsync(Lines.Line(room, text));
        Assert.Equal(text, Assert.Single((await _chat.PageAsync(room)).Messages).Text);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public async Task Append_BatchOfNoneOrTooMany_IsRefused(int messages) =>
        await Lines.AssertRefusedAsync(
            StatusCode.InvalidArgument, "batch_size", () => _chat.AppendAsync(Enumerable.Range(0, messages).Select(_ => Lines.Line("room"))));

    [Theory]
    [InlineData("Acme", "room", 0, 0, "tenant_invalid")]
    [InlineData("acme", "", 0, 0, "room_invalid")]
    [InlineData("acme", "room", -1, 0, "cursor_invalid")]
    [InlineData("acme", "room", 0, -1, "limit_invalid")]
    [InlineData("acme", "room", 0, 201, "limit_invalid")]
    public async Task GetPage_MalformedRequest_IsRefused(string tenant, string room, long before, int limit, string code) =>
        await Lines.AssertRefusedAsync(StatusCode.InvalidArgument, code, () => _chat.PageAsync(room, before, limit, tenant));
}
