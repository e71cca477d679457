using System.Diagnostics;

namespace Clearway.Signaling;

/// <summary>Spans of the gateway: joins, what they ask of others, and a sample of what is relayed.</summary>
internal static class Telemetry
{
    internal static readonly ActivitySource Source = new("Clearway.Signaling");
}
