using System.Diagnostics;
using System.Globalization;

namespace Clearway.Benchmarks;

/// <summary>How long single operations take, each timed by itself; the clock's own 20 to 30 ns are in the figures.</summary>
internal static class Latency
{
    private const int Operations = 1_000_000;

    /// <summary>The median, the 99th and the 99.9th percentile, in words.</summary>
    internal static string Of(string[] inputs, Func<string, long> operation)
    {
        var ticks = new long[Operations];
        var sum = 0L;
        for (var i = 0; i < ticks.Length; i++)
        {
            var began = Stopwatch.GetTimestamp();
            sum += operation(inputs[i % inputs.Length]);
            ticks[i] = Stopwatch.GetTimestamp() - began;
        }

        Array.Sort(ticks);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"one at a time, {Operations} of them: p50 {At(0.5):N0} ns, p99 {At(0.99):N0} ns, p99.9 {At(0.999):N0} ns ({sum} found)");

        double At(double share) => Stopwatch.GetElapsedTime(0, ticks[(int)(ticks.Length * share)]).TotalNanoseconds;
    }
}
