using System.Threading.Channels;
using Clearway.Chat.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Clearway.Signaling.Rooms;

/// <summary>
/// Hands what was said to the chat service, in batches and in order, again until it is taken: rooms never wait for it. Bounded: while
/// the service is away for so long that the queue is full, nothing more is taken, and so nothing is said that would be lost. A message
/// that is sent twice counts once, by its id; one that the service refuses is lost alone.
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
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>A message to store, or somebody who waits until all before it are.</summary>
    private readonly record struct Entry(ChatMessage? Message, TaskCompletionSource? Passed);

    private readonly Channel<Entry> _waiting = Channel.CreateBounded<Entry>(
        new BoundedChannelOptions(options.Value.ArchiveCapacity) { SingleReader = true });

    private readonly long _capacityBytes = options.Value.ArchiveCapacityBytes;
    private long _waitingBytes;

    /// <summary>Whether the next message would find no place.</summary>
    internal bool IsFull => _waiting.Reader.Count >= options.Value.ArchiveCapacity || Volatile.Read(ref _waitingBytes) >= _capacityBytes;

    /// <summary>Queues a message before it is told to anybody; never waits.</summary>
    /// <returns>Whether there was a place for it.</returns>
    internal bool TryAppend(ChatMessage message)
    {
        var bytes = message.CalculateSize();
        if (Interlocked.Add(ref _waitingBytes, bytes) <= _capacityBytes && _waiting.Writer.TryWrite(new Entry(message, null)))
        {
            return true;
        }

        Interlocked.Add(ref _waitingBytes, -bytes);
        metrics.ChatArchived(1, "refused");
        return false;
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
                Interlocked.Add(ref _waitingBytes, -request.Messages.Sum(message => (long)message.CalculateSize()));
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
