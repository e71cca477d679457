using System.Globalization;
using System.Runtime.InteropServices;

namespace Clearway.LoadTest.Servers;

/// <summary>What a figure was measured on.</summary>
internal static class Machine
{
    /// <summary>The core of the server under measurement.</summary>
    internal const int ServerCore = 0;

    /// <summary>The core of the client, and of everything behind the server.</summary>
    internal static int ClientCore => Math.Min(1, Environment.ProcessorCount - 1);

    internal static string Description { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {Processor()}, {Cores()} cores, "
        + $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30):F0} GiB, "
        + $"{(Repository.IsRelease ? "Release" : "DEBUG BUILD: the figures mean nothing")}");

    private static string Processor() => File.ReadLines("/proc/cpuinfo")
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor";

    private static int Cores() => File.ReadLines("/proc/cpuinfo").Count(line => line.StartsWith("processor", StringComparison.Ordinal));
}
