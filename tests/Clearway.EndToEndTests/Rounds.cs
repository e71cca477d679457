using System.Globalization;

namespace Clearway.EndToEndTests;

/// <summary>How often tests that measure repeat what they measure, and how their figures are told.</summary>
internal static class Rounds
{
    /// <summary>`CLEARWAY_ROUNDS` where that is set.</summary>
    public static int OrElse(int usual) =>
        Environment.GetEnvironmentVariable("CLEARWAY_ROUNDS") is { } rounds ? int.Parse(rounds, CultureInfo.InvariantCulture) : usual;

    /// <summary>The middle one, or the upper one of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>The smallest that so large a share of all is not above (nearest rank).</summary>
    /// <param name="values">At least one.</param>
    /// <param name="share">Above 0, up to 1.</param>
    public static double Percentile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted[(int)Math.Ceiling(sorted.Length * share) - 1];
    }

    /// <summary>Median, lowest and highest.</summary>
    public static string Described(IReadOnlyCollection<double> values) =>
        string.Create(CultureInfo.InvariantCulture, $"{Median(values):F0} ({values.Min():F0} to {values.Max():F0})");
}
