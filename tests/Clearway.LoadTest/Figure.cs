using System.Globalization;
using Clearway.LoadTest.Servers;

namespace Clearway.LoadTest;

/// <summary>One line of docs/performance.md: ours beside the best peer and the limit.</summary>
/// <param name="Path">What is measured.</param>
/// <param name="Unit">Of the values.</param>
/// <param name="IsMoreBetter">Whether a higher value is the better one.</param>
/// <param name="Goal">The figure to reach, in words.</param>
/// <param name="Values">By contender: Clearway, the peers, the limit.</param>
internal sealed record Figure(string Path, string Unit, bool IsMoreBetter, string Goal, IReadOnlyDictionary<string, double> Values)
{
    internal const string Heading =
        "| path | ours | best peer | limit | to the best peer | to the limit | goal |\n|---|---|---|---|---|---|---|";

    /// <summary>The line as Markdown. A ratio says how many times better ours is.</summary>
    public override string ToString()
    {
        var ours = Values.GetValueOrDefault(Contender.Clearway, double.NaN);
        var limit = Values.GetValueOrDefault(Contender.Limit, double.NaN);
        var peers = Values.Where(value => value.Key is not (Contender.Clearway or Contender.Limit)).OrderBy(value => value.Value).ToList();
        var best = peers.Count == 0 ? default : IsMoreBetter ? peers[^1] : peers[0];
        var peer = peers.Count == 0 ? double.NaN : best.Value;
        return $"| {Path} | {Text(ours)} | {Text(peer)}{(peers.Count == 0 ? "" : $" ({best.Key})")} | {Text(limit)} | {Ratio(peer)} | {Ratio(limit)} | {Goal} |";

        string Ratio(double other) => double.IsNaN(ours / other)
            ? "-"
            : string.Create(CultureInfo.InvariantCulture, $"{(IsMoreBetter ? ours / other : other / ours):0.00}x");
    }

    private string Text(double value) =>
        double.IsNaN(value) ? "-" : value.ToString(value < 100 ? "0.00" : "N0", CultureInfo.InvariantCulture) + " " + Unit;
}
