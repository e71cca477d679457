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
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var node = LoggedLines.In(app.Telemetry.Logs)
                .FirstOrDefault(line => line.Instance?.StartsWith("signaling-", StringComparison.Ordinal) == true
                    && line.Text.Contains(participantId, StringComparison.Ordinal))
                .Instance;
            if (node is not null)
            {
                return Process.GetProcesses().Single(process => IsNode(process.Id, node));
            }

            // Logs are exported in batches.
            await Task.Delay(100, timeout.Token);
        }
    }

    /// <summary>Ends it at once, as a machine does that loses its power.</summary>
    internal static void Kill(Process process)
    {
        process.Kill();
        process.Dispose();
    }

    /// <summary>Started by this test run, for this instance's name.</summary>
    private static bool IsNode(int processId, string node)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/environ").Split('\0').Contains($"OTEL_RESOURCE_ATTRIBUTES=service.instance.id={node}")
                && IsDescendant(processId);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsDescendant(int processId)
    {
        for (var id = processId; id > 1; id = ParentOf(id))
        {
            if (id == Environment.ProcessId)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Fourth field of proc(5) stat, after the name in parentheses, which may hold anything.</summary>
    private static int ParentOf(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 4)..].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }
}
