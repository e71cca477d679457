using System.Diagnostics.Metrics;
using Clearway.Signaling;
using Clearway.Signaling.Policy;
using Microsoft.Extensions.DependencyInjection;

namespace Clearway.Benchmarks;

/// <summary>
/// A room that is filed under its deadline and taken out again, while 1,000 or 1,000,000 others are filed; 512 of them come and go at a
/// time. Beside the runtime's timers, which cost a timer a room, and its priority queue, which has to look for what it takes out.
/// </summary>
internal static class TimeWheelBenchmark
{
    private const int Few = 1_000;
    private const int Many = 1_000_000;
    private const int AtATime = 512;
    private const long Horizon = 300 * 60_000;

    internal static Contest Create() => new Contest("time wheel, add and cancel", "20M/s; at 1M rooms at most twice the cost of 1k")
        .With("TimeWheel, 1k rooms filed", Wheel(Few))
        .With("TimeWheel, 1M rooms filed", Wheel(Many))
        .With("System.Threading.Timer, 1k", Timers(Few))
        .With("System.Threading.Timer, 1M", Timers(Many))
        .With("PriorityQueue, 1k", Queue());

    private static Batch Wheel(int filed)
    {
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        var wheel = new TimeWheel(TimeProvider.System, new SignalingMetrics(meters));
        var random = new Random(1);
        var start = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + 60_000;
        for (var i = 0; i < filed; i++)
        {
            wheel.Set(new Room(random.Next()), start + random.NextInt64(Horizon));
        }

        var rooms = Enumerable.Range(0, 2 * AtATime).Select(_ => new Room(random.Next())).ToArray();
        var dues = rooms.Select(_ => start + random.NextInt64(Horizon)).ToArray();
        return operations =>
        {
            for (var i = 0; i < operations; i++)
            {
                wheel.Set(rooms[i % rooms.Length], dues[i % dues.Length]);
                wheel.Cancel(rooms[(i + AtATime) % rooms.Length]);
            }

            return wheel.Count;
        };
    }

    private static Batch Timers(int filed)
    {
        var random = new Random(1);
        Timer NewTimer(long due) => new(_ => { }, null, due, Timeout.Infinite);
        var others = Enumerable.Range(0, filed).Select(_ => NewTimer(60_000 + random.NextInt64(Horizon))).ToArray();
        var rooms = Enumerable.Range(0, 2 * AtATime).Select(_ => NewTimer(Timeout.Infinite)).ToArray();
        var dues = rooms.Select(_ => 60_000 + random.NextInt64(Horizon)).ToArray();
        return operations =>
        {
            for (var i = 0; i < operations; i++)
            {
                rooms[i % rooms.Length].Change(dues[i % dues.Length], Timeout.Infinite);
                rooms[(i + AtATime) % rooms.Length].Change(Timeout.Infinite, Timeout.Infinite);
            }

            return others.Length;
        };
    }

    private static Batch Queue()
    {
        var random = new Random(1);
        var queue = new PriorityQueue<int, long>();
        for (var i = 0; i < Few; i++)
        {
            queue.Enqueue(-1 - i, random.NextInt64(Horizon));
        }

        var dues = Enumerable.Range(0, 2 * AtATime).Select(_ => random.NextInt64(Horizon)).ToArray();
        return operations =>
        {
            for (var i = 0; i < operations; i++)
            {
                queue.Enqueue(i % dues.Length, dues[i % dues.Length]);
                queue.Remove((i + AtATime) % dues.Length, out _, out _);
            }

            return queue.Count;
        };
    }

    private sealed class Room(int hash) : WheelEntry(hash)
    {
        internal override void OnDue()
        {
        }
    }
}
