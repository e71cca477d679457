using Clearway.Telemetry.Otlp;

namespace Clearway.Testing;

/// <summary>What metrics stand at, among the exports that a collector received.</summary>
public static class MetricReadings
{
    /// <summary>The newest value of a counter or gauge, summed over its series; null when none came.</summary>
    /// <param name="bodies">Export bodies, as <see cref="OtlpReceiver.Metrics"/> has them.</param>
    /// <param name="service">The service's name.</param>
    /// <param name="metric">The metric's name.</param>
    public static double? Latest(IEnumerable<byte[]> bodies, string service, string metric)
    {
        foreach (var body in bodies.Reverse())
        {
            var values =
                from resource in ExportMetricsServiceRequest.Parser.ParseFrom(body).ResourceMetrics
                where resource.Resource.Attributes.Any(a => a.Key == "service.name" && a.Value.StringValue == service)
                from scope in resource.ScopeMetrics
                from reading in scope.Metrics
                where reading.Name == metric
                from point in (reading.Gauge ?? reading.Sum ?? new NumberData()).DataPoints
                select point.ValueCase == NumberDataPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble;
            var found = values.ToList();
            if (found.Count > 0)
            {
                return found.Sum();
            }
        }

        return null;
    }
}
