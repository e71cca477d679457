using System.Globalization;
using Clearway.TestServers;

namespace Clearway.LoadTest.Servers;

/// <summary>A server process under load: where it listens, and what it costs.</summary>
/// <param name="process">The process.</param>
/// <param name="port">Its port on 127.0.0.1.</param>
internal sealed class Running(ServerProcess process, int port) : IAsyncDisposable
{
    private static readonly double _ticksPerSecond = 100; // USER_HZ, which Linux keeps at 100 for programs

    internal int Port => port;

    internal int Id => process.Id;

    /// <summary>What the process wrote.</summary>
    internal string Output => process.Output;

    /// <summary>What the console log tells of errors and worse: of each the category, the message and the exception.</summary>
    internal IEnumerable<string> LoggedErrors
    {
        get
        {
            var lines = process.Output.Split('\n');
            return lines.Index()
                .Where(line => line.Item.StartsWith("fail:", StringComparison.Ordinal)
                    || line.Item.StartsWith("crit:", StringComparison.Ordinal)
                    || line.Item.StartsWith("Unhandled exception", StringComparison.Ordinal))
                .Select(line => string.Join(' ', lines.Skip(line.Index).Take(3).Select(part => part.Trim())));
        }
    }

    /// <summary>Processor time so far, of all its threads.</summary>
    internal TimeSpan ProcessorTime
    {
        get
        {
            var stat = File.ReadAllText($"/proc/{process.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return TimeSpan.FromSeconds((double.Parse(fields[11], CultureInfo.InvariantCulture)
                + double.Parse(fields[12], CultureInfo.InvariantCulture)) / _ticksPerSecond);
        }
    }

    /// <summary>Resident memory in bytes.</summary>
    internal long ResidentBytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.AsSpan(6, line.Length - 8).Trim(), CultureInfo.InvariantCulture) * 1024;
        }
    }

    /// <summary>Starts a program on one core, or on all of them.</summary>
    internal static async Task<Running> StartAsync(
        string program,
        IReadOnlyList<string> arguments,
        int port,
        int? core,
        IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null)
    {
        var (first, all) = core is null
            ? (program, arguments)
            : ("taskset", ["-c", core.Value.ToString(CultureInfo.InvariantCulture), program, .. arguments]);
        return new Running(await ServerProcess.StartAsync(first, all, port, environment: environment, folder: folder), port);
    }

    /// <summary>Ends it as kill -9 does.</summary>
    internal Task KillAsync() => process.KillAsync();

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
