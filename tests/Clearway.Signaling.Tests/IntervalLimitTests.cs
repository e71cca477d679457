using Clearway.Signaling.Rooms;

namespace Clearway.Signaling.Tests;

public class IntervalLimitTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task TryTake_OfManyThreadsAtOnce_PassesExactlyOneAnInterval()
    {
        const int Threads = 8;
        var time = new ManualTime();
        var limit = new IntervalLimit(Interval, time);
        var passed = 0;
        using var start = new Barrier(Threads, _ => passed = 0);
        using var end = new Barrier(Threads, _ =>
        {
            Assert.Equal(1, passed);
            time.Advance(Interval);
        });

        // Each round all threads race for one place; an assertion that fails in a barrier reaches every thread.
        void Race()
        {
            for (var round = 0; round < 2_000; round++)
            {
                start.SignalAndWait();
                for (var attempt = 0; attempt < 3; attempt++)
                {
                    if (limit.TryTake(out var wait))
                    {
                        Interlocked.Increment(ref passed);
                    }
                    else
                    {
                        Assert.Equal(Interval, wait);
                    }
                }

                end.SignalAndWait();
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
            Race, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

    [Fact]
    public void TryTake_AtAnyTimes_PassesAsAModelDoes()
    {
        var random = new Random(20260101);
        var time = new ManualTime();
        var limit = new IntervalLimit(Interval, time);
        DateTimeOffset? last = null;
        for (var step = 0; step < 100_000; step++)
        {
            time.Advance(TimeSpan.FromMilliseconds(random.Next(200)));
            var now = time.GetUtcNow();
            var isDue = last is null || now - last >= Interval;

            Assert.Equal(isDue, limit.TryTake(out var wait));
            Assert.Equal(isDue ? TimeSpan.Zero : last + Interval - now, wait);
            last = isDue ? now : last;
        }
    }
}
