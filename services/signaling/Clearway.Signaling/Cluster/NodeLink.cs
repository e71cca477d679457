using System.Collections.Concurrent;
using Clearway.Signaling.Rooms;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Clearway.Signaling.Cluster;

/// <summary>
/// The way between nodes: one pub/sub channel a node. What one node sends to another arrives once and in order as long as both live, also
/// when Redis is away meanwhile (docs/decisions/0018-links-between-nodes.md). What is lost with a node is mended by <see cref="RosterSync"/>
/// and by resuming.
/// </summary>
internal sealed class NodeLink(
    IConnectionMultiplexer redis,
    NodeIdentity node,
    ClusterOutbox outbox,
    RoomDirectory rooms,
    IOptions<SignalingOptions> options,
    SignalingMetrics metrics,
    ILogger<NodeLink> logger) : BackgroundService
{
    private const int BatchMessages = 10_000;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    // Not the node's: links wait for Redis and for other processes, whose time is nobody's to set.
    private static readonly TimeProvider Time = TimeProvider.System;

    // Of every node that was met: some dozen bytes each, once nothing is kept.
    private readonly ConcurrentDictionary<string, OutgoingLink> _outgoing = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IncomingLink> _incoming = new(StringComparer.Ordinal);

    private ISubscriber Subscriber => redis.GetSubscriber();

    /// <summary>On which a node hears the others.</summary>
    internal static RedisChannel ChannelOf(string node) => RedisChannel.Literal($"clearway:node:{node}:link");

    /// <summary>
    /// Subscribes before the node admits anybody: whoever learns of this node reaches it. The subscription ends with the connection.
    /// </summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var incoming = await Subscriber.SubscribeAsync(ChannelOf(node.Id));
        incoming.OnMessage(message => Receive((byte[]?)message.Message));
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        outbox.Complete();
        await base.StopAsync(cancellationToken);
    }

    // One after the other, so that what is sent again keeps its place among what is sent.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(BetweenLooks, Time);
        var waiting = outbox.Waiting.WaitToReadAsync(CancellationToken.None).AsTask();
        var tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
        while (true)
        {
            await Task.WhenAny(waiting, tick);
            if (waiting.IsCompleted)
            {
                if (!await waiting)
                {
                    return;
                }

                for (var i = 0; (i < BatchMessages || !tick.IsCompleted) && outbox.Waiting.TryRead(out var next); i++)
                {
                    Send(next.Node, next.Message);
                }

                waiting = outbox.Waiting.WaitToReadAsync(CancellationToken.None).AsTask();
            }

            if (tick.IsCompleted)
            {
                await LookAsync();
                tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
            }
        }
    }

    private static bool IsRedisAway(Exception exception) => exception is RedisException or TimeoutException or ObjectDisposedException;

    private void Send(string to, ClusterMessage message)
    {
        if (message is ClusterMessage.Glimpse)
        {
            Publish(to, new LinkFrame.Passing(message).ToBytes());
            return;
        }

        var (isKept, frame) = _outgoing.GetOrAdd(to, static (_, id) => new OutgoingLink(id, Time), node.Id).Add(message);
        if (frame is not null)
        {
            Publish(to, frame);
        }
        else if (!isKept)
        {
            metrics.ClusterMessage("dropped");
        }
    }

    private async Task LookAsync()
    {
        foreach (var (from, link) in _incoming)
        {
            Acknowledge(from, link, canWait: false);
        }

        foreach (var (to, link) in _outgoing)
        {
            for (var lost = link.Expire(); lost > 0; lost--)
            {
                metrics.ClusterMessage("dropped");
            }

            if (link.Hold() is { } oldest && !await TryRepeatAsync(to, link, oldest))
            {
                // The others would wait for Redis as well.
                return;
            }
        }
    }

    /// <summary>Sends what is kept once more, if Redis is there and the other node listens; false when Redis is not there.</summary>
    private async Task<bool> TryRepeatAsync(string to, OutgoingLink link, byte[] oldest)
    {
        try
        {
            if (await Subscriber.PublishAsync(ChannelOf(to), oldest).WaitAsync(options.Value.RedisTimeout) > 0)
            {
                foreach (var frame in link.Release())
                {
                    metrics.ClusterMessage("repeated");
                    Publish(to, frame);
                }
            }

            return true;
        }
        catch (Exception exception) when (IsRedisAway(exception))
        {
            Log.NotSent(logger, to, exception);
            return false;
        }
    }

    private void Acknowledge(string from, IncomingLink link, bool canWait)
    {
        if (link.Acknowledge(canWait) is var (number, taken))
        {
            Publish(from, new LinkFrame.Taken(node.Id, number, taken).ToBytes());
        }
    }

    // Not waited for: what was not taken is overdue soon.
    private void Publish(string to, byte[] frame)
    {
        try
        {
            _ = Subscriber.PublishAsync(ChannelOf(to), frame, CommandFlags.FireAndForget);
        }
        catch (Exception exception) when (IsRedisAway(exception))
        {
            Log.NotSent(logger, to, exception);
        }
    }

    private void Receive(byte[]? bytes)
    {
        try
        {
            switch (bytes is null ? null : LinkFrame.Parse(bytes))
            {
                case LinkFrame.Numbered numbered:
                    var link = _incoming.GetOrAdd(numbered.From, static _ => new IncomingLink());
                    if (link.TryTake(numbered.Link, numbered.Number))
                    {
                        Take(numbered.Message);
                    }

                    Acknowledge(numbered.From, link, canWait: true);
                    break;
                case LinkFrame.Passing passing:
                    Take(passing.Message);
                    break;
                case LinkFrame.Taken taken:
                    _outgoing.GetValueOrDefault(taken.From)?.Acknowledge(taken.Link, taken.Number);
                    break;
            }
        }
#pragma warning disable CA1031 // One message that cannot be handled must not end the way between nodes.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.NotTaken(logger, exception);
        }
    }

    private void Take(ClusterMessage? message)
    {
        if (message is not null)
        {
            metrics.ClusterMessage("received");
            rooms.Find(message.Room)?.Take(message);
        }
    }
}
