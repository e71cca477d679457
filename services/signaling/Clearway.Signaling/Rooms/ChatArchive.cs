using System.Threading.Channels;
using Clearway.Chat.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Clearway.Signaling.Rooms;

/// <summary>
/// Hands what was said to the chat service, in batches and in order, again until it is taken: rooms never wait for it. A message that is
/// sent twice counts once, by its id; one that the service refuses is lost alone.
/// </summary>
internal sealed class ChatArchive(
    ChatHistoryService.ChatHistoryServiceClient chat,
    SignalingMetrics metrics,
    TimeProvider time,
    IOptions<SignalingOptions> options,
    ILogger<ChatArchive> logger) : BackgroundService
{
    private const int MaxBatch = 256;
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>A message to store, or somebody who waits until all before it are.</summary>
    private readonly record struct Entry(ChatMessage? Message, TaskCompletionSource? Passed);

    private readonly Channel<Entry> _waiting = Channel.CreateBounded<Entry>(
        new BoundedChannelOptions(options.Value.ArchiveCapacity) { SingleReader = true });

    /// <summary>Queues a message; never waits.</summary>
    internal void Append(ChatMessage message)
    {
        if (!_waiting.Writer.TryWrite(new Entry(message, null)))
        {
            metrics.ChatArchived(1, "lost");
            Log.ChatLost(logger, message.Id);
        }
    }

    /// <summary>Waits until the messages that wait now are stored, or lost; false when that takes longer.</summary>
    internal async Task<bool> PassedAsync(TimeSpan patience)
    {
        var passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _waiting.Writer.TryWrite(new Entry(null, passed))
            && await Task.WhenAny(passed.Task, Task.Delay(patience, time)) == passed.Task;
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // What was said before the stop is still handed over: once, for the chat service may be gone already.
        while (await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            var request = new AppendRequest();
            TaskCompletionSource? passed = null;
            while (passed is null && request.Messages.Count < MaxBatch && _waiting.Reader.TryRead(out var entry))
            {
                passed = entry.Passed;
                if (entry.Message is { } message)
                {
                    request.Messages.Add(message);
                }
            }

            if (request.Messages.Count > 0)
            {
                await StoreAsync(request, stoppingToken);
            }

            passed?.TrySetResult();
        }
    }

    private async Task StoreAsync(AppendRequest request, CancellationToken stoppingToken)
    {
        for (var pause = TimeSpan.FromMilliseconds(250); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await chat.AppendAsync(
                    request, deadline: time.GetUtcNow().UtcDateTime + CallTimeout, cancellationToken: CancellationToken.None);
                metrics.ChatArchived(request.Messages.Count, "stored");
                return;
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.InvalidArgument && request.Messages.Count > 1)
            {
                // One of them is refused, and with it the whole request: alone each has its own answer.
                foreach (var message in request.Messages)
                {
                    await StoreAsync(new AppendRequest { Messages = { message } }, stoppingToken);
                }

                return;
            }
            catch (RpcException exception)
                when (!stoppingToken.IsCancellationRequested && exception.StatusCode != StatusCode.InvalidArgument)
            {
                Log.ChatNotStored(logger, request.Messages.Count, exception.StatusCode);
            }
            catch (RpcException exception)
            {
                metrics.ChatArchived(request.Messages.Count, "lost");
                Log.ChatRefused(logger, request.Messages.Count, exception.StatusCode, exception.Trailers.GetValue("clearway-code"));
                return;
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
