namespace Clearway.ServiceDefaults.Telemetry;

/// <summary>OTEL_RESOURCE_ATTRIBUTES: comma-separated key=value pairs with percent-encoded values, as W3C Baggage writes them.</summary>
internal static class ResourceAttributes
{
    /// <summary>Pairs without a key or without an equals sign are left out; the specification asks for no error.</summary>
    internal static Dictionary<string, object> Parse(string? text)
    {
        var attributes = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var pair in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                attributes[pair[..equals].TrimEnd()] = Uri.UnescapeDataString(pair[(equals + 1)..].TrimStart());
            }
        }

        return attributes;
    }
}
