using System.Globalization;
using Clearway.Chat.V1;
using Grpc.Core;
using Xunit;

namespace Clearway.Chat.Tests;

/// <summary>Messages and rooms as tests speak of them.</summary>
internal static class Lines
{
    private static int _rooms;

    /// <summary>A room that no other test has.</summary>
    public static string NewRoom() => "room-" + Interlocked.Increment(ref _rooms).ToString(CultureInfo.InvariantCulture);

    public static ChatMessage Line(string room, string text = "hi", string tenant = "acme", string? id = null) => new()
    {
        Id = id ?? Guid.NewGuid().ToString(),
        Tenant = tenant,
        Room = room,
        SenderId = "p-ada",
        SenderName = "Ada",
        Text = text,
        SentAt = 1_790_000_000_123,
    };

    public static async Task<IReadOnlyList<long>> AppendAsync(this ChatHost host, params IEnumerable<ChatMessage> messages) =>
        (await host.History.AppendAsync(new AppendRequest { Messages = { messages } })).Sequences;

    public static async Task<GetPageResponse> PageAsync(this ChatHost host, string room, long before = 0, int limit = 0, string tenant = "acme") =>
        await host.History.GetPageAsync(new GetPageRequest { Tenant = tenant, Room = room, Before = before, Limit = limit });

    public static async Task<GetPageResponse> PageAfterAsync(this ChatHost host, string room, long after, int limit = 0) =>
        await host.History.GetPageAsync(new GetPageRequest { Tenant = "acme", Room = room, After = after, Limit = limit });

    /// <summary>All of a room, oldest first.</summary>
    public static async Task<IReadOnlyList<ChatMessage>> WholeAsync(this ChatHost host, string room)
    {
        var messages = new List<ChatMessage>();
        for (var page = await host.PageAsync(room, limit: 200); ; page = await host.PageAsync(room, page.NextBefore, 200))
        {
            messages.InsertRange(0, page.Messages);
            if (page.NextBefore == 0)
            {
                return messages;
            }
        }
    }

    /// <summary>Asserts that a call is refused with this status and this code in its trailer.</summary>
    public static async Task AssertRefusedAsync(StatusCode status, string code, Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal((status, code), (refused.StatusCode, refused.Trailers.GetValue("clearway-code")));
    }
}
