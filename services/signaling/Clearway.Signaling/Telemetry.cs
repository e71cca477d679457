using System.Diagnostics;

namespace Clearway.Signaling;

/// <summary>Spans of the gateway: joins, and what they ask of others. Relayed frames have none.</summary>
internal static class Telemetry
{
    internal static readonly ActivitySource Source = new("Clearway.Signaling");
}
