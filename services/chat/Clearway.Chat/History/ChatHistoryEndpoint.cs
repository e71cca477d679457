using System.Data.Common;
using System.Diagnostics;
using Clearway.Chat.Predictive;
using Clearway.Chat.V1;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Clearway.Chat.History;

/// <summary>The history over gRPC.</summary>
internal sealed class ChatHistoryEndpoint(
    MessageHistory history,
    MessageChanges changes,
    HistorySchema schema,
    SpokenWords spoken,
    ChatMetrics metrics,
    ILogger<ChatHistoryEndpoint> logger)
    : ChatHistoryService.ChatHistoryServiceBase
{
    /// <summary>Bytes of the largest batch: 256 messages with their largest text, and as much again for half a text beside it.</summary>
    public const int LargestRequestBytes = LargestBatch * MessageRules.LargestText * 3 / 2;

    private const int LargestBatch = 256;
    private const int LargestPage = 200;
    private const int DefaultPage = 50;

    /// <summary>gRPC clients take answers up to 4 MiB unless they are told otherwise.</summary>
    private const int LargestPageBytes = 3 * 1024 * 1024;

    public override async Task<AppendResponse> Append(AppendRequest request, ServerCallContext context)
    {
        if (request.Messages.Count is 0 or > LargestBatch)
        {
            throw Refusal.BatchSize.ToException();
        }

        var messages = new List<StoredMessage>(request.Messages.Count);
        foreach (var message in request.Messages)
        {
            if (MessageRules.Check(message, out var stored) is { } refusal)
            {
                throw refusal.ToException();
            }

            messages.Add(stored!);
        }

        var started = Stopwatch.GetTimestamp();
        using var activity = ChatActivities.Source.StartActivity("append messages");
        activity?.SetTag("clearway.chat.messages", messages.Count);
        var sequences = await FromDatabaseAsync(() => history.AppendAsync(messages, context.CancellationToken), context);
        metrics.Appended(messages.Count, Stopwatch.GetElapsedTime(started));
        spoken.Learn(messages);
        ChatLog.Stored(logger, messages.Count);
        return new AppendResponse { Sequences = { sequences } };
    }

    public override Task<ChangeResponse> Edit(EditRequest request, ServerCallContext context) => ChangeAsync(
        "edit",
        request.Change,
        MessageRules.IsText(request.Text) ? null : Refusal.TextInvalid,
        key => changes.EditAsync(key, request.Text, context.CancellationToken),
        context);

    public override Task<ChangeResponse> Delete(DeleteRequest request, ServerCallContext context) => ChangeAsync(
        "delete",
        request.Change,
        null,
        key => changes.DeleteAsync(key, request.IsModerator, context.CancellationToken),
        context);

    public override Task<ChangeResponse> React(ReactRequest request, ServerCallContext context) => ChangeAsync(
        "react",
        request.Change,
        MessageRules.IsEmoji(request.Emoji) ? null : Refusal.EmojiInvalid,
        key => changes.ReactAsync(key, request.Emoji, request.On, context.CancellationToken),
        context);

    public override async Task<GetPageResponse> GetPage(GetPageRequest request, ServerCallContext context)
    {
        if (RoomKey.Check(request.Tenant, request.Room, out var key) is { } refusal)
        {
            throw refusal.ToException();
        }

        if (request.Before < 0)
        {
            throw Refusal.CursorInvalid.ToException();
        }

        if (request.Limit is < 0 or > LargestPage)
        {
            throw Refusal.LimitInvalid.ToException();
        }

        var limit = request.Limit == 0 ? DefaultPage : request.Limit;
        var before = request.Before == 0 ? default(long?) : request.Before;
        var stored = await FromDatabaseAsync(() => history.ReadPageAsync(key, before, limit, context.CancellationToken), context);
        var page = NewestThatFit([.. stored.Select(ToMessage)]);

        // Sequences have no gaps, so what begins at 1 has nothing in front of it.
        var next = page is [{ Sequence: > 1 } first, ..] ? first.Sequence : 0;
        return new GetPageResponse { Messages = { page }, NextBefore = next };
    }

    private async Task<ChangeResponse> ChangeAsync(
        string kind, MessageChange change, Refusal? contentRefusal, Func<ChangeKey, Task<Refusal?>> apply, ServerCallContext context)
    {
        var refusal = MessageRules.Check(change, out var key) ?? contentRefusal ?? await FromDatabaseAsync(() => apply(key), context);
        metrics.Changed(kind, refusal?.Code ?? "changed");
        return refusal is null ? new ChangeResponse() : throw refusal.ToException();
    }

    private static ChatMessage[] NewestThatFit(ChatMessage[] messages)
    {
        var first = messages.Length;
        for (var bytes = 0; first > 0 && (bytes += messages[first - 1].CalculateSize()) <= LargestPageBytes;)
        {
            first--;
        }

        return messages[first..];
    }

    private async Task<T> FromDatabaseAsync<T>(Func<Task<T>> query, ServerCallContext context)
    {
        if (!schema.IsReady)
        {
            throw Refusal.HistoryUnavailable.ToException();
        }

        try
        {
            return await query();
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException or RetryLimitExceededException or TimeoutException)
        {
            // A query that is given up may end as a connection that broke or took too long.
            context.CancellationToken.ThrowIfCancellationRequested();
            ChatLog.DatabaseFailed(logger, exception);
            throw Refusal.HistoryUnavailable.ToException();
        }
    }

    private static ChatMessage ToMessage(StoredMessage stored) => new()
    {
        Id = stored.Id.ToString("D"),
        Tenant = stored.Tenant,
        Room = stored.Room,
        SenderId = stored.SenderId,
        SenderName = stored.SenderName,
        Text = stored.Text,
        SystemData = stored.SystemData,
        Security = stored.Security,
        SentAt = ToMilliseconds(stored.SentAt),
        Sequence = stored.Sequence,
        EditedAt = ToMilliseconds(stored.EditedAt),
        DeletedAt = ToMilliseconds(stored.DeletedAt),
        Reactions =
        {
            stored.Reactions
                .OrderBy(reaction => reaction.ReactedAt)
                .ThenBy(reaction => reaction.ParticipantId, StringComparer.Ordinal)
                .GroupBy(reaction => reaction.Emoji, StringComparer.Ordinal)
                .Select(emoji => new Reaction
                {
                    Emoji = emoji.Key,
                    Participants = { emoji.Select(reaction => reaction.ParticipantId) },
                }),
        },
    };

    private static long ToMilliseconds(DateTime? time) => time is { } at ? new DateTimeOffset(at).ToUnixTimeMilliseconds() : 0;
}
