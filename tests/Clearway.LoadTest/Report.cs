using System.Globalization;
using Clearway.LoadTest.Servers;

namespace Clearway.LoadTest;

/// <summary>What a campaign says: the machine and the seed first, its counts, at last the verdict.</summary>
internal sealed class Report
{
    private readonly List<string> _lines = [];
    private readonly List<string> _faults = [];

    internal Report(string campaign, int seed, bool hasPlantedFault)
    {
        Line($"{campaign}: {Machine.Description}");
        Line($"seed {seed}{(hasPlantedFault ? "; a fault is planted: this run must fail" : "")}");
    }

    /// <summary>Lines for docs/performance.md.</summary>
    internal List<Figure> Figures { get; } = [];

    /// <summary>All that was said, and what was wrong.</summary>
    public override string ToString() => string.Join('\n', [.. _lines, .. _faults]);

    /// <summary>Whether nothing was wrong so far.</summary>
    internal bool IsGood => _faults.Count == 0;

    internal static string Number(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    internal static string Milliseconds(double milliseconds) => milliseconds.ToString("N2", CultureInfo.InvariantCulture) + " ms";

    internal static string Share(double share) => share.ToString("P0", CultureInfo.InvariantCulture);

    internal static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The value below which a share of the values lies.</summary>
    internal static double Percentile(double[] sorted, double share) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(share * sorted.Length) - 1)];

    internal void Line(string line)
    {
        _lines.Add(line);
        Console.WriteLine(line);
    }

    /// <summary>Prints a figure and keeps it.</summary>
    internal void Figure(Figure figure)
    {
        Figures.Add(figure);
        Line($"  {figure}");
    }

    /// <summary>States what must hold.</summary>
    internal void Expect(bool holds, string what)
    {
        if (!holds)
        {
            _faults.Add(what);
        }
    }

    /// <summary>States that the services logged no error.</summary>
    internal void ExpectNoErrors(IEnumerable<string> logged)
    {
        var lines = logged.ToList();
        Expect(lines.Count == 0, $"{lines.Count} errors were logged, among them: {string.Join(" | ", lines.Take(3))}");
    }

    /// <summary>Says the verdict and answers the exit code.</summary>
    internal int Verdict()
    {
        foreach (var fault in _faults)
        {
            Line($"  WRONG: {fault}");
        }

        Line(IsGood ? "verdict: good" : "verdict: FAILED");
        return IsGood ? 0 : 1;
    }
}
