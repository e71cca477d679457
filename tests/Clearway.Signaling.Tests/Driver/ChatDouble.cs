using System.Collections.Concurrent;
using Clearway.Chat.V1;
using Grpc.Core;

namespace Clearway.Signaling.Tests.Driver;

/// <summary>The chat service over real gRPC, with the history in memory.</summary>
internal sealed class ChatDouble : ChatHistoryService.ChatHistoryServiceBase
{
    private readonly List<ChatMessage> _messages = []; // guarded by itself

    /// <summary>Makes the service fail every call.</summary>
    internal bool IsDown { get; set; }

    /// <summary>Until it completes, what is appended is not stored.</summary>
    internal Task Held { get; set; } = Task.CompletedTask;

    /// <summary>How often a change was refused because its message is not there.</summary>
    internal int UnknownChanges { get; private set; }

    /// <summary>How often a page was asked for while the service was down.</summary>
    internal int UntoldPages { get; private set; }

    /// <summary>How often a page was told.</summary>
    internal int ToldPages { get; private set; }

    /// <summary>The text that the service refuses.</summary>
    internal const string Unacceptable = "unacceptable";

    /// <summary>How many messages each refused request had.</summary>
    internal ConcurrentQueue<int> RefusedRequests { get; } = new();

    internal IReadOnlyList<ChatMessage> Stored
    {
        get
        {
            lock (_messages)
            {
                return [.. _messages];
            }
        }
    }

    public override async Task<AppendResponse> Append(AppendRequest request, ServerCallContext context)
    {
        ThrowWhenDown();
        await Held;
        if (request.Messages.Any(message => message.Text == Unacceptable))
        {
            RefusedRequests.Enqueue(request.Messages.Count);
            throw new RpcException(new Status(StatusCode.InvalidArgument, "no"), new Metadata { { "clearway-code", "text_invalid" } });
        }

        var answer = new AppendResponse();
        lock (_messages)
        {
            foreach (var message in request.Messages)
            {
                if (_messages.All(stored => stored.Id != message.Id))
                {
                    message.Sequence = _messages.Count + 1;
                    _messages.Add(message);
                }

                answer.Sequences.Add(_messages.First(stored => stored.Id == message.Id).Sequence);
            }
        }

        return answer;
    }

    public override Task<GetPageResponse> GetPage(GetPageRequest request, ServerCallContext context)
    {
        UntoldPages += IsDown ? 1 : 0;
        ThrowWhenDown();
        ToldPages++;
        return Task.FromResult(new GetPageResponse { Messages = { Stored.Where(message => message.Room == request.Room) } });
    }

    public override Task<ChangeResponse> Edit(EditRequest request, ServerCallContext context) => Change(request.Change, message =>
    {
        Demand(message.SenderId == request.Change.By, StatusCode.PermissionDenied);
        (message.Text, message.EditedAt) = (request.Text, request.Change.At);
    });

    public override Task<ChangeResponse> Delete(DeleteRequest request, ServerCallContext context) => Change(request.Change, message =>
    {
        Demand(message.SystemData == "" && (request.IsModerator || message.SenderId == request.Change.By), StatusCode.PermissionDenied);
        (message.Text, message.DeletedAt) = ("", request.Change.At);
    });

    public override Task<ChangeResponse> React(ReactRequest request, ServerCallContext context) => Change(request.Change, message =>
    {
        var reaction = message.Reactions.FirstOrDefault(one => one.Emoji == request.Emoji);
        if (reaction is null)
        {
            message.Reactions.Add(reaction = new Reaction { Emoji = request.Emoji });
        }

        reaction.Participants.Remove(request.Change.By);
        if (request.On)
        {
            reaction.Participants.Add(request.Change.By);
        }
    });

    private Task<ChangeResponse> Change(MessageChange change, Action<ChatMessage> apply)
    {
        ThrowWhenDown();
        lock (_messages)
        {
            var message = _messages.FirstOrDefault(
                stored => (stored.Tenant, stored.Room, stored.Id) == (change.Tenant, change.Room, change.MessageId) && stored.DeletedAt == 0);
            UnknownChanges += message is null ? 1 : 0;
            Demand(message is not null, StatusCode.NotFound);
            apply(message!);
        }

        return Task.FromResult(new ChangeResponse());
    }

    private static void Demand(bool condition, StatusCode status)
    {
        if (!condition)
        {
            throw new RpcException(new Status(status, "no"));
        }
    }

    private void ThrowWhenDown()
    {
        if (IsDown)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "down"));
        }
    }
}
