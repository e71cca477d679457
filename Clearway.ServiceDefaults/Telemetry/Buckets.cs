using System.Diagnostics.Metrics;

namespace Clearway.ServiceDefaults;

/// <summary>
/// Boundaries of histograms. OpenTelemetry's own begin at 5, which is for milliseconds: of durations in seconds they would tell nothing.
/// </summary>
public static class Buckets
{
    private static readonly int[] _steps = [1, 2, 5];

    /// <summary>Boundaries as told, in the instrument's unit, ascending.</summary>
    public static InstrumentAdvice<double> At(params double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };

    /// <summary>Boundaries in 1, 2 and 5 times powers of ten, both ends included.</summary>
    /// <param name="least">The lowest, in seconds: 1, 2 or 5 times a power of ten.</param>
    /// <param name="most">The highest, in seconds.</param>
    public static InstrumentAdvice<double> Seconds(double least, double most)
    {
        var lowest = (int)Math.Floor(Math.Log10(least));
        var powers = Enumerable.Range(lowest, (int)Math.Floor(Math.Log10(most)) - lowest + 1).Select(power => Math.Pow(10, power));
        return At([.. powers.SelectMany(power => _steps, (power, step) => Math.Round(step * power, 9)).Where(at => at >= least && at <= most)]);
    }
}
