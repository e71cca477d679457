namespace Clearway.Proxy.Telemetry;

/// <summary>Where spans go, from the variables of the OpenTelemetry specification.</summary>
/// <param name="Address">OTEL_EXPORTER_OTLP_ENDPOINT.</param>
/// <param name="IsGrpc">Whether OTEL_EXPORTER_OTLP_PROTOCOL is grpc, its default, and not http/protobuf.</param>
/// <param name="Headers">OTEL_EXPORTER_OTLP_HEADERS.</param>
internal sealed record OtlpEndpoint(Uri Address, bool IsGrpc, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>Null when no receiver is configured.</summary>
    internal static OtlpEndpoint? Read(IConfiguration configuration)
    {
        if (!Uri.TryCreate(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"], UriKind.Absolute, out var address))
        {
            return null;
        }

        var headers = (configuration["OTEL_EXPORTER_OTLP_HEADERS"] ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(pair => pair.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(pair => pair.Length == 2)
            .Select(pair => KeyValuePair.Create(pair[0], Uri.UnescapeDataString(pair[1])));
        return new OtlpEndpoint(address, configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] is null or "" or "grpc", [.. headers]);
    }
}
