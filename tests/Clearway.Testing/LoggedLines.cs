using Clearway.Telemetry.Otlp;

namespace Clearway.Testing;

/// <summary>Log lines that a collector received, each with the process that wrote it.</summary>
public static class LoggedLines
{
    /// <summary>The lines of export bodies: <c>service.instance.id</c> of the process, and the text.</summary>
    public static IEnumerable<(string? Instance, string Text)> In(IEnumerable<byte[]> bodies) =>
        from body in bodies
        from resource in ExportLogsServiceRequest.Parser.ParseFrom(body).ResourceLogs
        let instance = resource.Resource.Attributes.FirstOrDefault(attribute => attribute.Key == "service.instance.id")?.Value.StringValue
        from scope in resource.ScopeLogs
        from record in scope.LogRecords
        select (instance, record.Body?.StringValue ?? "");
}
