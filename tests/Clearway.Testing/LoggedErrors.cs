using Clearway.Telemetry.Otlp;

namespace Clearway.Testing;

/// <summary>Errors among the logs that a collector received.</summary>
public static class LoggedErrors
{
    private const int FirstErrorSeverity = 17;

    /// <summary>The errors of export bodies, each with its service, category, message and exception.</summary>
    public static IEnumerable<string> In(IEnumerable<byte[]> bodies) =>
        from body in bodies
        from resource in ExportLogsServiceRequest.Parser.ParseFrom(body).ResourceLogs
        let service = resource.Resource.Attributes.FirstOrDefault(attribute => attribute.Key == "service.name")?.Value.StringValue
        from scope in resource.ScopeLogs
        from record in scope.LogRecords
        where record.SeverityNumber >= FirstErrorSeverity
        let exception = record.Attributes.FirstOrDefault(attribute => attribute.Key == "exception.stacktrace")?.Value.StringValue
        select $"{service} {scope.Scope?.Name}: {record.Body?.StringValue} {exception}";
}
