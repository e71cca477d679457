using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Clearway.TestServers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Xunit;

namespace Aspire.Clients.Tests;

public sealed class RedisClientTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly int _port = ServerProcess.FreePort();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clearway-redis-");
    private ServerProcess? _server;

    public async Task InitializeAsync() => await StartServerAsync();

    public async Task DisposeAsync()
    {
        await StopServerAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Queue_KeepsTheOrderOfMessages_UntilUnsubscribed()
    {
        using var host = Build();
        var redis = host.Services.GetRequiredService<IConnectionMultiplexer>();
        var queue = await redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal("node:[1]*"));
        var received = new ConcurrentQueue<int>();
        var last = new TaskCompletionSource();
        queue.OnMessage(async message =>
        {
            await Task.Yield();
            received.Enqueue((int)message.Message);
            if (message.Message == 499)
            {
                last.SetResult();
            }
        });

        for (var number = 0; number < 500; number++)
        {
            await redis.GetDatabase().PublishAsync(RedisChannel.Literal("node:[1]*"), number);
        }

        // Messages come by another connection than the answers to PUBLISH: the last answer does not mean that the last message is here.
        await last.Task.WaitAsync(Patience);
        await queue.UnsubscribeAsync();
        await queue.Completion.WaitAsync(Patience);
        await redis.GetDatabase().PublishAsync(RedisChannel.Literal("node:[1]*"), 500);
        Assert.Equal(Enumerable.Range(0, 500), received);
    }

    [Fact]
    public async Task Client_WithoutServer_IsUnhealthy_AndConnectsByItselfLater()
    {
        await StopServerAsync();
        using var host = Build();
        var health = host.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Status);

        await StartServerAsync();
        await UntilAsync(async () => (await health.CheckHealthAsync()).Status == HealthStatus.Healthy);
    }

    [Fact]
    public async Task Subscription_OutlivesARestartOfTheServer()
    {
        using var host = Build();
        var redis = host.Services.GetRequiredService<IConnectionMultiplexer>();
        var queue = await redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal("news"));
        var received = new ConcurrentQueue<string>();
        queue.OnMessage(message => received.Enqueue(message.Message!));

        await StopServerAsync();
        await StartServerAsync();
        await UntilAsync(async () =>
        {
            try
            {
                return await redis.GetDatabase().PublishAsync(RedisChannel.Literal("news"), "back") == 1;
            }
            catch (RedisException)
            {
                return false;
            }
        });
        await UntilAsync(() => Task.FromResult(received.Contains("back")));
    }

    [Fact]
    public async Task Command_InsideASpan_HasASpanOfItsOwn()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "OpenTelemetry.Instrumentation.StackExchangeRedis" or nameof(RedisClientTests),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource(nameof(RedisClientTests));
        using var host = Build();
        var database = host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();

        using (source.StartActivity("join"))
        {
            await database.StringSetAsync("a", "b", TimeSpan.FromSeconds(10), When.Always, CommandFlags.None);
        }

        await UntilAsync(() => Task.FromResult(spans.Any(s => s.DisplayName == "SETEX")));
        var parent = spans.Single(s => s.DisplayName == "join");
        var command = spans.First(s => s.DisplayName == "SETEX");
        Assert.Equal(parent.TraceId, command.TraceId);
        Assert.Equal(parent.SpanId, command.ParentSpanId);
        Assert.Equal(ActivityKind.Client, command.Kind);
        Assert.InRange(command.Duration, TimeSpan.Zero, parent.Duration);
    }

    [Fact]
    public async Task Scripts_InsideSpans_HaveSpansOfTheirOwn_AndHarmNothingBesideThem()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "OpenTelemetry.Instrumentation.StackExchangeRedis" or "scripts",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("scripts");
        using var host = Build();
        var database = host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();

        // At once: what waits to be sent behind a script is what a faulty one harms.
        var counts = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => Task.Run(async () =>
        {
            using var join = source.StartActivity("join");
            var plain = database.StringIncrementAsync("plain");
            var script = database.ScriptEvaluateAsync("return redis.call('INCR', KEYS[1])", [(RedisKey)"scripted"]);
            return ((long)await script, await plain);
        })));

        Assert.Equal(Enumerable.Range(1, 500).Select(i => (long)i), counts.Select(count => count.Item1).Order());
        Assert.Equal(Enumerable.Range(1, 500).Select(i => (long)i), counts.Select(count => count.Item2).Order());
        var evaluated = spans.Where(span => span.DisplayName == "EVAL").ToList();
        Assert.Equal(500, evaluated.Count);
        Assert.All(evaluated, span => Assert.Contains(spans, join => join.SpanId == span.ParentSpanId && join.DisplayName == "join"));
    }

    [Fact]
    public async Task Command_QueuedWithoutAWriter_IsSentAllTheSame()
    {
        using var host = Build();
        var redis = host.Services.GetRequiredService<IConnectionMultiplexer>();
        await redis.GetDatabase().PingAsync();

        // As it is for a moment while a connection comes up: a writer is said to be at work that will not look at the queue again.
        var isBeingWritten = WriterFlag((ConnectionMultiplexer)redis.GetDatabase().Multiplexer);
        isBeingWritten(1);
        var forgotten = redis.GetDatabase().PingAsync();
        isBeingWritten(0);

        var later = redis.GetDatabase().PingAsync();
        await Task.WhenAll(forgotten, later).WaitAsync(Patience);
    }

    private static Action<int> WriterFlag(ConnectionMultiplexer redis)
    {
        const BindingFlags inside = BindingFlags.Instance | BindingFlags.NonPublic;
        var servers = (Array)typeof(ConnectionMultiplexer).GetField("serverSnapshot", inside)!.GetValue(redis)!;
        var server = servers.GetValue(0)!;
        var bridge = server.GetType().GetField("interactive", inside)!.GetValue(server)!;
        var flag = bridge.GetType().GetField("inWriteQueue", inside)!;
        return value => flag.SetValue(bridge, value);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var giveUp = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), giveUp.Token);
        }
    }

    private IHost Build()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            [new("ConnectionStrings:redis", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port},connectTimeout=1000"))]);
        builder.AddRedisClient("redis");
        return builder.Build();
    }

    private async Task StartServerAsync() => _server = await ServerProcess.StartAsync(
        "redis-server",
        ["--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder.FullName, "--save", ""],
        _port);

    private async Task StopServerAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
            _server = null;
        }
    }
}
