using System.Diagnostics;
using Clearway.TestApp;
using Clearway.Testing;

namespace Clearway.EndToEndTests;

/// <summary>One node of the gateway as a process of this machine.</summary>
internal static class GatewayProcess
{
    /// <summary>The node that let a participant in, by what the nodes log.</summary>
    internal static async Task<Process> OfAsync(ClearwayApp app, string participantId)
    {
        string? node = null;
        await Eventually.TrueAsync(
            () => (node = LoggedLines.In(app.Telemetry.Logs)
                .FirstOrDefault(line => line.Instance?.StartsWith("signaling-", StringComparison.Ordinal) == true
                    && line.Text.Contains(participantId, StringComparison.Ordinal))
                .Instance) is not null,
            $"a node has logged {participantId}");
        return Process.GetProcesses().Single(process => IsNode(process.Id, node!, app.Telemetry.GrpcEndpoint));
    }

    /// <summary>Ends it at once, as a machine does that loses its power.</summary>
    internal static void Kill(Process process)
    {
        process.Kill();
        process.Dispose();
    }

    /// <summary>Has this instance's name, and reports to this application's collector.</summary>
    private static bool IsNode(int processId, string node, string collector)
    {
        try
        {
            var environment = File.ReadAllText($"/proc/{processId}/environ").Split('\0');
            return environment.Contains($"OTEL_RESOURCE_ATTRIBUTES=service.instance.id={node}")
                && environment.Contains($"OTEL_EXPORTER_OTLP_ENDPOINT={collector}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
