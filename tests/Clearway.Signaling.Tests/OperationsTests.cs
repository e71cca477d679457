using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Clearway.Signaling.Tests;

/// <summary>What docs/operations.md tells operators is what the gateway does.</summary>
public class OperationsTests
{
    [Fact]
    public void Events_OfTheGateway_AreThoseOfTheTable()
    {
        var documented = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "operations.md"))
            .SkipWhile(line => line != "### Events of the gateway")
            .Skip(1)
            .TakeWhile(line => !line.StartsWith('#'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length > 4 && int.TryParse(cells[1], out _))
            .Select(cells => $"{cells[1]} {cells[2]} {cells[3]}");

        var logged = typeof(SignalingOptions).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .OrderBy(log => log.EventId)
            .Select(log => string.Create(CultureInfo.InvariantCulture, $"{log.EventId} {log.Level} {log.Message}"));

        Assert.Equal(logged, documented);
    }
}
