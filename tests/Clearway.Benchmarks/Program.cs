using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Clearway.Benchmarks;

/// <summary>Measures hot paths inside one process: <c>dotnet run -c Release --project tests/Clearway.Benchmarks</c>.</summary>
internal static class Program
{
    /// <summary>A hot path is one file with one <see cref="Contest"/>, named here.</summary>
    private static readonly Func<Contest>[] _contests =
    [
        TokenBenchmark.Create,
        KnownTokenBenchmark.Create,
        VerifiedJoinBenchmark.Create,
        WordBenchmark.Create,
        PredictionBenchmark.Create,
        ChatTextBenchmark.Create,
        FrameReaderBenchmark.Create,
        TimeWheelBenchmark.Create,
    ];

    private static int Main(string[] arguments)
    {
        var only = new Argument<string?>("path") { Arity = ArgumentArity.ZeroOrOne, Description = "Only paths whose name contains this." };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 7, Description = "Interleaved rounds; medians are printed." };
        var milliseconds = new Option<int>("--round-ms") { DefaultValueFactory = _ => 200, Description = "Length of one contender's turn." };
        var command = new RootCommand("Hot paths of Clearway beside what they are measured against.") { only, rounds, milliseconds };
        command.SetAction(parsed => Run(
            parsed.GetValue(only), parsed.GetValue(rounds), TimeSpan.FromMilliseconds(parsed.GetValue(milliseconds))));
        return command.Parse(arguments).Invoke();
    }

    private static int Run(string? only, int rounds, TimeSpan length)
    {
        Console.WriteLine(
            $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores; "
            + $"medians of {rounds} interleaved rounds of {length.TotalMilliseconds} ms, one thread");
        var chosen = _contests.Select(create => create())
            .Where(contest => only is null || contest.Path.Contains(only, StringComparison.OrdinalIgnoreCase));
        foreach (var contest in chosen)
        {
            Console.WriteLine($"\n{contest.Path} (goal: {contest.Goal})");
            var standings = contest.Run(rounds, length);
            foreach (var standing in standings)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {standing.Name,-44} {standing.PerSecond,14:N0} /s {1e9 / standing.PerSecond,10:N1} ns {standing.AllocatedBytes,8:N0} B"
                    + $"   ours is {standings[0].PerSecond / standing.PerSecond:N2}x"));
            }

            if (contest.Note is { } note)
            {
                Console.WriteLine($"  {note()}");
            }
        }

        return 0;
    }
}
