using System.Diagnostics.Metrics;
using Clearway.Signaling.Policy;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Clearway.Signaling.Tests;

/// <summary>The time wheel against a sorted list, and its timer.</summary>
public class TimeWheelTests(ITestOutputHelper output)
{
    private const long Minute = 60_000;

    [Fact]
    public void Shard_OverAMillionRandomSteps_DoesAsASortedListDoes()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");

        Assert.Null(new WheelAgainstList(seed).Run(steps: 1_000_000, faultEvery: null));
    }

    [Fact]
    public void Shard_ThatIsAMinuteLateOnceInTenThousand_IsFoundOut() =>
        Assert.NotNull(new WheelAgainstList(seed: 1).Run(steps: 1_000_000, faultEvery: 10_000));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(59_999)]
    [InlineData(60_000)]
    [InlineData(299 * Minute)]
    [InlineData(300 * Minute)]
    [InlineData(300 * Minute + 1)]
    [InlineData(1_000 * Minute)]
    public void Entry_AtTheEdgesOfSlots_IsDueToTheMillisecond(long ahead)
    {
        const long Now = 1_790_000_012_345;
        var shard = new WheelShard();
        var due = new List<WheelEntry>();
        shard.Advance(Now, due);
        shard.Set(new Entry(), Now + ahead);

        var now = Now;
        var wakes = 0;
        while (due.Count == 0)
        {
            now = shard.NextWake();
            shard.Advance(now, due);
            wakes++;
        }

        Assert.Equal(Now + ahead, now);
        Assert.InRange(wakes, 1, 10);
        Assert.Equal(long.MaxValue, shard.NextWake());
    }

    [Fact]
    public void Wheel_OnItsTimer_CallsEachEntryOnceInItsTime()
    {
        var time = new ManualTime();
        using var wheel = new TimeWheel(time, Metrics());
        var entries = Enumerable.Range(0, 1_000).Select(i => new Entry(i)).ToList();
        var start = time.GetUtcNow().ToUnixTimeMilliseconds();
        entries.ForEach(entry => wheel.Set(entry, start + (entry.Number * 137)));
        entries[10].Clock = entries[999].Clock = time;
        wheel.Cancel(entries[11]);

        time.Advance(TimeSpan.FromMilliseconds(998 * 137));

        Assert.Equal(1, wheel.Count);
        Assert.All(entries.Take(999), entry => Assert.Equal(entry.Number == 11 ? 0 : 1, entry.Calls));
        Assert.Equal(start + 1_370, entries[10].CalledAt);
        time.Advance(TimeSpan.FromMilliseconds(137));
        Assert.Equal((1, start + (999 * 137)), (entries[999].Calls, entries[999].CalledAt));
    }

    [Fact]
    public async Task Wheel_SetFromManyThreadsWhileItTurns_LosesNothing()
    {
        using var wheel = new TimeWheel(TimeProvider.System, Metrics());
        var entries = Enumerable.Range(0, 20_000).Select(i => new Entry(i)).ToList();

        await Parallel.ForEachAsync(entries, (entry, _) =>
        {
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            wheel.Set(entry, now + Minute);
            wheel.Set(entry, now + (entry.Number % 400));
            return ValueTask.CompletedTask;
        });

        await Eventually.TrueAsync(() => entries.All(entry => entry.Calls == 1), "everything was due once");
        Assert.Equal(0, wheel.Count);
    }

    private static SignalingMetrics Metrics() =>
        new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());

    private sealed class Entry(int number = 0) : WheelEntry(number)
    {
        private int _calls;

        internal int Number { get; } = number;

        internal int Calls => _calls;

        internal TimeProvider? Clock { get; set; }

        internal long CalledAt { get; private set; }

        internal override void OnDue()
        {
            CalledAt = Clock?.GetUtcNow().ToUnixTimeMilliseconds() ?? 0;
            Interlocked.Increment(ref _calls);
        }
    }

    /// <summary>Makes the same random steps on a shard and on a sorted list.</summary>
    private sealed class WheelAgainstList(int seed)
    {
        private const int Entries = 400;

        private readonly Random _random = new(seed);
        private readonly WheelShard _shard = new();
        private readonly Entry[] _entries = [.. Enumerable.Range(0, Entries).Select(i => new Entry(i))];
        private readonly SortedSet<(long Due, int Number)> _model = [];
        private readonly long?[] _dues = new long?[Entries];
        private long _now = 1_790_000_000_000;

        /// <summary>The first difference, or null.</summary>
        internal string? Run(int steps, int? faultEvery)
        {
            _shard.Advance(_now, []);
            for (var step = 1; step <= steps; step++)
            {
                if (Step(isFaulty: step % faultEvery == 0) is { } difference)
                {
                    return $"seed {seed}, step {step}: {difference}";
                }
            }

            return null;
        }

        private string? Step(bool isFaulty)
        {
            var number = _random.Next(Entries);
            switch (_random.Next(10))
            {
                case < 5:
                    var due = Math.Max(0, _now + Ahead());
                    Forget(number);
                    _dues[number] = due;
                    _model.Add((due, number));
                    _shard.Set(_entries[number], isFaulty ? due + Minute : due);
                    break;
                case < 7:
                    Forget(number);
                    _shard.Cancel(_entries[number]);
                    break;
                default:
                    return Advance();
            }

            return _shard.Count == _model.Count ? null : $"{_shard.Count} entries, and not {_model.Count}";
        }

        private string? Advance()
        {
            _now = _random.Next(100) switch
            {
                < 50 => _now + _random.Next(3_000),
                < 80 => Math.Max(_now, Math.Min(_shard.NextWake(), _now + Minute)),
                < 97 => _now + _random.NextInt64(5 * Minute),
                97 => _now + _random.NextInt64(700 * Minute),
                98 => _now - _random.NextInt64(700 * Minute),
                _ => _now - _random.Next(3_000),
            };
            var due = new List<WheelEntry>();
            _shard.Advance(_now, due);
            var got = due.Select(entry => ((Entry)entry).Number).Order().ToList();
            var expected = _model.TakeWhile(one => one.Due <= _now).Select(one => one.Number).Order().ToList();
            expected.ForEach(Forget);
            if (!got.SequenceEqual(expected))
            {
                return $"due were {string.Join(',', got)}, and not {string.Join(',', expected)}";
            }

            var first = _model.Count == 0 ? long.MaxValue : _model.Min.Due;
            var wake = _shard.NextWake();
            return wake > _now && wake <= first && (wake == first || wake % Minute == 0)
                ? null
                : $"wakes at {wake}, now is {_now}, the first is due at {first}";
        }

        // Overdue, in seconds, in minutes, at the far edge, and beyond it.
        private long Ahead() => _random.Next(10) switch
        {
            0 => -_random.NextInt64(10 * Minute),
            < 4 => _random.NextInt64(2 * Minute),
            < 8 => _random.NextInt64(300 * Minute),
            8 => (300 * Minute) + _random.Next(-3, 4),
            _ => _random.NextInt64(900 * Minute),
        };

        private void Forget(int number)
        {
            if (_dues[number] is { } due)
            {
                _model.Remove((due, number));
                _dues[number] = null;
            }
        }
    }
}
