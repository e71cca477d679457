using System.Text.Json.Nodes;
using Clearway.Chat.V1;
using Clearway.Signaling.Connections;
using Clearway.Signaling.Framing;
using Clearway.Signaling.Protocol;
using Clearway.Signaling.Rooms;
using Clearway.Signaling.Tests.Driver;

namespace Clearway.Signaling.Tests;

/// <summary>However much somebody says, it fits what a connection may be held for: nobody is thrown out by another's words.</summary>
public class ChatLengthTests
{
    // As many bytes of it as a line may have, of what becomes longest in a frame: beyond the first plane, after a thousand of ASCII.
    private static readonly string Longest =
        string.Concat(Enumerable.Repeat("\"", 999)) + string.Concat(Enumerable.Repeat("🏻", (ChatText.MaxBytes - 999) / 4));

    [Fact]
    public void LongestLine_InItsFrame_FitsTheLogOfAConnection()
    {
        var message = new ChatMessage
        {
            Id = Guid.Empty.ToString(),
            SenderId = "p-" + new string('x', 62),
            SenderName = string.Concat(Enumerable.Repeat("😀", 100)),
            Text = Longest,
            SentAt = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds(),
        };
        var frame = ServerFrame.ChatBroadcast(message).WithMember("client_id", string.Concat(Enumerable.Repeat("😀", 32)));
        var log = new FrameLog(new SignalingOptions().OutboxMaxBytes / 4 * 3);

        Assert.Null(ChatText.Refuse(Longest));
        Assert.True(log.TryAdd(new FrameBytes(frame.Bytes.Span), isCounted: true, isSent: false), $"{frame.Bytes.Length} bytes");
    }

    [Fact]
    public async Task LineOfOneEndlessTextElement_IsRefused_AndThrowsNobodyOut()
    {
        await using var gateway = await Gateway.StartAsync();
        await using var alice = await gateway.JoinAsync("standup", "Alice");
        await using var mallory = await gateway.JoinAsync("standup", "Mallory");

        // Raw UTF-8, as a browser sends it: one frame of less than 64 KiB.
        await mallory.SendAsync("{\"type\":\"chat\",\"text\":\"a" + string.Concat(Enumerable.Repeat("🏻", 16_370)) + "\"}");
        var refusal = await mallory.ExpectAsync("error");
        await mallory.SendAsync("{\"type\":\"chat\",\"text\":\"" + Longest.Replace("\"", "\\\"", StringComparison.Ordinal) + "\"}");

        Assert.Equal("chat_too_long", (string?)refusal["code"]);
        Assert.Equal(Longest, (string?)(await alice.ExpectAsync("chat_broadcast"))["text"]);
        Assert.Equal(Longest, (string?)(await mallory.ExpectAsync("chat_broadcast"))["text"]);
    }

    [Theory]
    [InlineData(2_000, 50, 41)]
    [InlineData(40_000, 3, 88)]
    [InlineData(140_000, 0, 91)]
    public void History_OfLongLines_TellsItsEndAndWhereTheRestIs(int bytesOfALine, int told, long nextBefore)
    {
        var page = new GetPageResponse { NextBefore = 41 };
        page.Messages.Add(Enumerable.Range(41, 50).Select(sequence => new ChatMessage
        {
            Id = Guid.Empty.ToString(),
            Text = new string('x', bytesOfALine / 2 - 200),
            Sequence = sequence,
        }));

        var frame = ServerFrame.ChatHistory(page);
        var json = JsonNode.Parse(frame.Bytes.Span)!;

        Assert.InRange(frame.Bytes.Length, 0, 129 * 1024);
        Assert.Equal(nextBefore, (long)json["next_before"]!);
        Assert.Equal(Enumerable.Range(91 - told, told), json["messages"]!.AsArray().Select(line => (int)line!["sequence"]!));
    }
}
