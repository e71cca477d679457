using System.Diagnostics;
using Clearway.Chat.Predictive;
using Clearway.Chat.V1;
using Grpc.Core;

namespace Clearway.Chat.History;

/// <summary>The history over gRPC.</summary>
internal sealed class ChatHistoryEndpoint(
    GroupCommit appends,
    MessagePages pages,
    NewestPages newest,
    SearchTurns searches,
    MessageChanges changes,
    DatabaseCalls calls,
    WordLearning learning,
    ChatMetrics metrics,
    ILogger<ChatHistoryEndpoint> logger)
    : ChatHistoryService.ChatHistoryServiceBase
{
    /// <summary>Bytes of the largest batch: 256 messages with their largest text, and as much again for half a text beside it.</summary>
    public const int LargestRequestBytes = LargestBatch * MessageRules.LargestText * 3 / 2;

    private const int LargestBatch = 256;
    private const int LargestPage = 200;

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
        var sequences = await calls.RunAsync(() => appends.AppendAsync(messages, context.CancellationToken), context);
        metrics.Appended(messages.Count, Stopwatch.GetElapsedTime(started));
        learning.Take(messages);
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

        if (request.Before < 0 || request.After < 0 || (request.Before > 0 && request.HasAfter))
        {
            throw Refusal.CursorInvalid.ToException();
        }

        if (request.Limit is < 0 or > LargestPage)
        {
            throw Refusal.LimitInvalid.ToException();
        }

        var limit = request.Limit == 0 ? NewestPages.Messages : request.Limit;
        var cancellation = context.CancellationToken;
        var page = await calls.RunAsync(
            () => request.HasAfter ? pages.ReadAfterAsync(key, request.After, limit, cancellation)
                : request.Before > 0 ? pages.ReadBeforeAsync(key, request.Before, limit, cancellation)
                : limit == NewestPages.Messages ? newest.ReadAsync(key, cancellation)
                : pages.ReadBeforeAsync(key, long.MaxValue, limit, cancellation),
            context);
        return Answer(page, request.HasAfter);
    }

    public override async Task<GetPageResponse> Search(SearchRequest request, ServerCallContext context)
    {
        if (RoomKey.Check(request.Tenant, request.Room, out var key) is { } refusal)
        {
            throw refusal.ToException();
        }

        if (!MessageRules.IsSearch(request.Text))
        {
            throw Refusal.SearchInvalid.ToException();
        }

        if (request.Before < 0)
        {
            throw Refusal.CursorInvalid.ToException();
        }

        if (request.Limit is < 0 or > LargestPage)
        {
            throw Refusal.LimitInvalid.ToException();
        }

        var before = request.Before == 0 ? long.MaxValue : request.Before;
        var limit = request.Limit == 0 ? NewestPages.Messages : request.Limit;
        var cancellation = context.CancellationToken;
        var page = await calls.RunAsync(
            () => searches.RunAsync(() => pages.SearchAsync(key, request.Text, before, limit, cancellation), cancellation), context);
        return Answer(page ?? throw Refusal.SearchesBusy.ToException(), isFromTheOldest: false);
    }

    private async Task<ChangeResponse> ChangeAsync(
        string kind, MessageChange change, Refusal? contentRefusal, Func<ChangeKey, Task<Refusal?>> apply, ServerCallContext context)
    {
        var refusal = MessageRules.Check(change, out var key) ?? contentRefusal ?? await calls.RunAsync(() => apply(key), context);
        metrics.Changed(kind, refusal?.Code ?? "changed");
        return refusal is null ? new ChangeResponse() : throw refusal.ToException();
    }

    /// <summary>The page, or as much of it as one answer holds from where reading began.</summary>
    private static GetPageResponse Answer(MessagePage page, bool isFromTheOldest)
    {
        var (messages, fitting, bytes) = (page.Messages, 0, 0);
        while (fitting < messages.Count && (bytes += messages[isFromTheOldest ? fitting : messages.Count - 1 - fitting].CalculateSize()) <= LargestPageBytes)
        {
            fitting++;
        }

        var first = isFromTheOldest ? 0 : messages.Count - fitting;
        var (hasBefore, hasAfter) = (page.HasBefore || first > 0, page.HasAfter || first + fitting < messages.Count);
        return new GetPageResponse
        {
            Messages = { messages.Skip(first).Take(fitting) },
            NextBefore = hasBefore && fitting > 0 ? messages[first].Sequence : 0,
            NextAfter = hasAfter && fitting > 0 ? messages[first + fitting - 1].Sequence : 0,
        };
    }
}
