using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Clearway.Testing;

/// <summary>What docs/operations.md tells operators.</summary>
public static class OperationsDocument
{
    /// <summary>The cells of a table's lines, which stands under a headline; the table's own head is left out.</summary>
    /// <param name="headline">The line of the headline, with its number signs.</param>
    public static IEnumerable<string[]> Table(string headline) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "operations.md"))
            .SkipWhile(line => line != headline)
            .Skip(1)
            .TakeWhile(line => !line.StartsWith('#'))
            .Where(line => line.StartsWith('|'))
            .Skip(2)
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1]);

    /// <summary>The metrics of the table whose names begin with <paramref name="prefix"/>: name, unit and description.</summary>
    public static string[] Metrics(string prefix) =>
        [.. Table("### Metrics").Where(cells => cells[0].StartsWith($"`{prefix}", StringComparison.Ordinal)).Select(cells => string.Join(" | ", cells[..3])).Order()];

    /// <summary>The metrics that a service makes, as they would stand in the table.</summary>
    /// <param name="create">Makes all its instruments.</param>
    /// <exception cref="InvalidOperationException">A histogram has no boundaries of its own.</exception>
    public static string[] MetricsOf(Action<IMeterFactory> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var metrics = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Scope != meters)
                {
                    return;
                }

                metrics.Add($"`{instrument.Name}` | `{instrument.Unit}` | {instrument.Description}");
                if (instrument is Histogram<double> { Advice: null })
                {
                    throw new InvalidOperationException($"{instrument.Name} has the boundaries of milliseconds");
                }
            },
        };
        listener.Start();
        create(meters);
        return [.. metrics.Order()];
    }
}
