using System.Diagnostics;

namespace Clearway.Benchmarks;

/// <summary>Does something so many times.</summary>
/// <param name="operations">How often.</param>
/// <returns>Anything made of the results, so that no work can be left out as unused.</returns>
internal delegate long Batch(int operations);

/// <summary>What one contender reached: medians over the rounds.</summary>
/// <param name="Name">The contender.</param>
/// <param name="PerSecond">Operations a second.</param>
/// <param name="AllocatedBytes">Bytes allocated per operation.</param>
internal sealed record Standing(string Name, double PerSecond, double AllocatedBytes);

/// <summary>
/// One hot path of ours and what it is measured against. All contenders run in every round, one after the other, so that whatever else
/// the machine does meets them alike; BenchmarkDotNet would run each to its end before the next.
/// </summary>
/// <param name="path">What is done; the name by which a run is narrowed down to it.</param>
/// <param name="goal">The figure to reach, in words.</param>
internal sealed class Contest(string path, string goal)
{
    private readonly List<(string Name, Batch Run)> _contenders = [];

    internal string Path => path;

    internal string Goal => goal;

    /// <summary>Adds a contender; the first one is ours, the ratios are to it.</summary>
    internal Contest With(string name, Batch run)
    {
        _contenders.Add((name, run));
        return this;
    }

    /// <summary>What is to be said beneath the standings, found out after the rounds.</summary>
    internal Func<string>? Note { get; init; }

    /// <summary>Runs the rounds.</summary>
    /// <param name="rounds">How many; odd, so that the median is one of them.</param>
    /// <param name="length">How long each contender runs in each round.</param>
    internal IReadOnlyList<Standing> Run(int rounds, TimeSpan length)
    {
        var operations = _contenders.ConvertAll(contender => Calibrate(contender.Run, length));
        var runs = _contenders.ConvertAll(_ => new List<(double PerSecond, double Bytes)>());
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < _contenders.Count; i++)
            {
                runs[i].Add(Measure(_contenders[i].Run, operations[i]));
            }
        }

        return [.. _contenders.Select((contender, i) => new Standing(
            contender.Name, Median(runs[i].Select(run => run.PerSecond)), Median(runs[i].Select(run => run.Bytes))))];
    }

    /// <summary>Warms up, until the code is the optimised one, and finds out how many operations take so long.</summary>
    private static int Calibrate(Batch run, TimeSpan length)
    {
        var operations = 1;
        var warm = Stopwatch.StartNew();
        while (true)
        {
            var one = Stopwatch.StartNew();
            run(operations);
            if (one.Elapsed < length / 4)
            {
                operations = Math.Min(operations * 2, int.MaxValue / 2);
            }
            else if (warm.Elapsed > length * 4)
            {
                return (int)Math.Clamp(operations * (length / one.Elapsed), 1, int.MaxValue / 2);
            }
        }
    }

    private static (double PerSecond, double Bytes) Measure(Batch run, int operations)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var began = Stopwatch.GetTimestamp();
        run(operations);
        var took = Stopwatch.GetElapsedTime(began);
        return (operations / took.TotalSeconds, (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)operations);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
