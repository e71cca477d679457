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

    public override Task<AppendResponse> Append(AppendRequest request, ServerCallContext context)
    {
        ThrowWhenDown();
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

        return Task.FromResult(answer);
    }

    public override Task<GetPageResponse> GetPage(GetPageRequest request, ServerCallContext context)
    {
        ThrowWhenDown();
        return Task.FromResult(new GetPageResponse { Messages = { Stored.Where(message => message.Room == request.Room) } });
    }

    private void ThrowWhenDown()
    {
        if (IsDown)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "down"));
        }
    }
}
