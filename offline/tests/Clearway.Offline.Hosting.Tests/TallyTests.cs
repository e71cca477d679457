using System.Diagnostics;

namespace Clearway.Offline.Hosting.Tests;

public sealed class TallyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hosting-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Results_OfAllRunners_AreAddedUp()
    {
        Result("one.trx", Trx("Completed", "Passed", "Passed", "NotExecuted"));
        Result("vitest.json", """{"numPassedTests":3,"numPendingTests":1,"numFailedTests":0,"testResults":[]}""");

        Assert.Equal((0, "5 passed, 0 failed, 2 skipped"), await TallyAsync());
    }

    [Theory]
    [InlineData("Failed", new[] { "Passed", "Failed" }, "1 passed, 1 failed, 0 skipped")]
    [InlineData("Failed", new[] { "Passed" }, "1 passed, 1 failed, 0 skipped")]
    [InlineData("Completed", new string[0], "0 passed, 1 failed, 0 skipped")]
    public async Task Results_WithAFailureOrACrashOrNoTest_Fail(string outcome, string[] tests, string expected)
    {
        Result("one.trx", Trx(outcome, tests));

        Assert.Equal((1, expected), await TallyAsync());
    }

    [Fact]
    public async Task Runner_ThatWroteNothing_CountsAsAFailure()
    {
        Result("one.trx", Trx("Completed", "Passed"));
        File.AppendAllText(Path.Combine(_folder.FullName, "expected"), "two.trx\n");

        Assert.Equal((1, "1 passed, 1 failed, 0 skipped"), await TallyAsync());
    }

    [Fact]
    public async Task VitestFile_ThatDoesNotLoad_CountsAsAFailure()
    {
        Result("vitest.json", """{"numPassedTests":3,"numPendingTests":0,"numFailedTests":0,"testResults":[{"status":"failed","assertionResults":[]}]}""");

        Assert.Equal((1, "3 passed, 1 failed, 0 skipped"), await TallyAsync());
    }

    private static string Trx(string outcome, params string[] tests) =>
        $"<TestRun><Results>{string.Concat(tests.Select(test => $"<UnitTestResult testName=\"t\" outcome=\"{test}\" />"))}</Results><ResultSummary outcome=\"{outcome}\" /></TestRun>";

    private void Result(string name, string text)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, name), text);
        File.AppendAllText(Path.Combine(_folder.FullName, "expected"), $"{name}\n");
    }

    private async Task<(int ExitCode, string LastLine)> TallyAsync()
    {
        var script = Path.Combine(SampleApp.Metadata("Repository"), "scripts", "tally.mjs");
        using var process = Process.Start(new ProcessStartInfo("node", [script, _folder.FullName]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _ = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output.TrimEnd().Split('\n')[^1]);
    }
}
