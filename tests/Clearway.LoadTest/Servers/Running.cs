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
    internal TimeSpan ProcessorTime => ProcessorTimeOf(process.Id);

    /// <summary>Resident memory in bytes.</summary>
    internal long ResidentBytes => Memory("VmRSS:");

    /// <summary>The most resident memory in bytes since <see cref="ForgetPeak"/>.</summary>
    internal long PeakResidentBytes => Memory("VmHWM:");

    internal void ForgetPeak() => File.WriteAllText($"/proc/{process.Id}/clear_refs", "5");

    /// <summary>Processor time so far of a process, of all its threads.</summary>
    internal static TimeSpan ProcessorTimeOf(int id)
    {
        var stat = File.ReadAllText($"/proc/{id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((double.Parse(fields[11], CultureInfo.InvariantCulture)
            + double.Parse(fields[12], CultureInfo.InvariantCulture)) / _ticksPerSecond);
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

    private long Memory(string field)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(field.Length, line.Length - field.Length - 2).Trim(), CultureInfo.InvariantCulture) * 1024;
    }
}
