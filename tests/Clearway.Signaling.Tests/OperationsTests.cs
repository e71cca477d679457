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
        var documented = OperationsDocument.Table("### Events of the gateway").Select(cells => string.Join(' ', cells[..3]));

        var logged = typeof(SignalingOptions).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .OrderBy(log => log.EventId)
            .Select(log => string.Create(CultureInfo.InvariantCulture, $"{log.EventId} {log.Level} {log.Message}"));

        Assert.Equal(logged, documented);
    }

    [Fact]
    public void Metrics_OfTheGateway_AreThoseOfTheTable()
    {
        var made = OperationsDocument.MetricsOf(meters =>
        {
            var metrics = new SignalingMetrics(meters);
            metrics.ObserveWheel(() => 0);
            metrics.ObserveIdleRooms(() => 0);
        });

        Assert.Equal(made, OperationsDocument.Metrics("clearway.call.").Concat(OperationsDocument.Metrics("clearway.signaling.")));
    }
}
