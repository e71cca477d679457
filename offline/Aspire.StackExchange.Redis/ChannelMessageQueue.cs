using System.Threading.Channels;

namespace StackExchange.Redis;

/// <summary>One message of a subscription.</summary>
public readonly struct ChannelMessage
{
    internal ChannelMessage(RedisChannel subscription, RedisChannel channel, RedisValue message)
    {
        SubscriptionChannel = subscription;
        Channel = channel;
        Message = message;
    }

    /// <summary>The channel as subscribed to, possibly a pattern.</summary>
    public RedisChannel SubscriptionChannel { get; }

    /// <summary>The channel that the message came by.</summary>
    public RedisChannel Channel { get; }

    /// <summary>The message.</summary>
    public RedisValue Message { get; }
}

/// <summary>The messages of a subscription, one after the other in the order in which they came.</summary>
public sealed class ChannelMessageQueue
{
    private readonly Channel<ChannelMessage> _messages = System.Threading.Channels.Channel.CreateUnbounded<ChannelMessage>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly ISubscriber _subscriber;
    private readonly Action<RedisChannel, RedisValue> _handler;
    private Task _reading = Task.CompletedTask;

    internal ChannelMessageQueue(ISubscriber subscriber, RedisChannel channel)
    {
        _subscriber = subscriber;
        Channel = channel;
        _handler = (from, message) => _messages.Writer.TryWrite(new ChannelMessage(channel, from, message));
    }

    /// <summary>The channel as subscribed to.</summary>
    public RedisChannel Channel { get; }

    /// <summary>Ends when the subscription was given up and every message was handled.</summary>
    public Task Completion => Task.WhenAll(_messages.Reader.Completion, _reading);

    /// <summary>Handles each message before the next one; an exception of the handler is dropped with its message.</summary>
    public void OnMessage(Action<ChannelMessage> handler) => OnMessage(message =>
    {
        handler(message);
        return Task.CompletedTask;
    });

    /// <summary>Handles each message to its end before the next one; an exception of the handler is dropped with its message.</summary>
    public void OnMessage(Func<ChannelMessage, Task> handler) => _reading = Task.Run(async () =>
    {
        await foreach (var message in _messages.Reader.ReadAllAsync())
        {
            try
            {
                await handler(message);
            }
#pragma warning disable CA1031 // The real queue swallows them as well: a handler must not end its subscription.
            catch (Exception)
#pragma warning restore CA1031
            {
            }
        }
    });

    /// <summary>Takes the next message.</summary>
    public ValueTask<ChannelMessage> ReadAsync(CancellationToken cancellationToken = default) =>
        _messages.Reader.ReadAsync(cancellationToken);

    /// <summary>Takes the next message if there is one.</summary>
    public bool TryRead(out ChannelMessage item) => _messages.Reader.TryRead(out item);

    /// <summary>Gives the subscription up; messages that already came are still handled.</summary>
    public async Task UnsubscribeAsync(CommandFlags flags = CommandFlags.None)
    {
        await _subscriber.UnsubscribeAsync(Channel, _handler, flags);
        _messages.Writer.TryComplete();
    }

    internal Task SubscribeAsync(CommandFlags flags) => _subscriber.SubscribeAsync(Channel, _handler, flags);
}

/// <summary>Subscriptions that keep the order of messages.</summary>
public static class OrderedSubscriptions
{
    /// <summary>Subscribes to a channel with a queue of its messages.</summary>
    public static async Task<ChannelMessageQueue> SubscribeAsync(
        this ISubscriber subscriber,
        RedisChannel channel,
        CommandFlags flags = CommandFlags.None)
    {
        var queue = new ChannelMessageQueue(subscriber, channel);
        await queue.SubscribeAsync(flags);
        return queue;
    }
}
