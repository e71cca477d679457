using System.Text.RegularExpressions;
using Clearway.Testing;

namespace Clearway.Auth.Tests;

/// <summary>docs/security.md promises a test for each threat: those that it names are there.</summary>
public sealed partial class SecurityDocumentTests
{
    [Fact]
    public void Threats_EachOfThem_NamesTestsThatExist()
    {
        var tests = string.Concat(Sources("tests", "*.cs").Select(file => File.ReadAllText(file.FullName)));
        var clientTests = Sources("services/web/src", "*.test.ts").Select(file => file.Name).ToHashSet();

        var rows = File.ReadLines(Path.Combine(Repository.Folder, "docs", "security.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| threat |", StringComparison.Ordinal))
            .ToList();

        Assert.True(rows.Count > 20, $"{rows.Count} threats");
        Assert.DoesNotContain(rows, row => !Named(row).Any());
        Assert.DoesNotContain(rows.SelectMany(Named), name => !Exists(name, tests, clientTests));
    }

    private static IEnumerable<string> Named(string row) => Code().Matches(row.Split('|')[^2]).Select(match => match.Groups[1].Value);

    private static bool Exists(string name, string tests, HashSet<string> clientTests) => name switch
    {
        _ when name.EndsWith(".test.ts", StringComparison.Ordinal) => clientTests.Contains(name),
        _ when name.Contains('_', StringComparison.Ordinal) => Regex.IsMatch(tests, $@"public (async )?(Task|void) {name}\("),
        _ => Regex.IsMatch(tests, $@"class {name}\b"),
    };

    private static IEnumerable<FileInfo> Sources(string folder, string pattern) =>
        new DirectoryInfo(Path.Combine(Repository.Folder, folder)).EnumerateFiles(pattern, SearchOption.AllDirectories);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
