using System.Diagnostics;

namespace Clearway.Offline.Hosting.Tests;

/// <summary>What <c>./clearway</c> says when it cannot go on: run as a copy, with tools that only say what the test wants.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hosting-tests-");

    public CommandTests()
    {
        var repository = SampleApp.Metadata("Repository");
        File.Copy(Path.Combine(repository, "clearway"), Path.Combine(_folder.FullName, "clearway"));
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "scripts"));
        foreach (var script in Directory.GetFiles(Path.Combine(repository, "scripts")))
        {
            File.Copy(script, Path.Combine(_folder.FullName, "scripts", Path.GetFileName(script)));
        }

        Directory.CreateDirectory(Path.Combine(_folder.FullName, "offline"));
        File.WriteAllText(Path.Combine(_folder.FullName, "offline", ".active"), "");
        File.SetUnixFileMode(Path.Combine(_folder.FullName, "offline", ".active"), (UnixFileMode)0b110_110_110);
        File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(Path.Combine(_folder.FullName, "offline"), (UnixFileMode)0b111_111_111);
        foreach (var tool in new[] { "bash", "dirname", "readlink", "mkdir", "grep", "cat", "touch" })
        {
            File.CreateSymbolicLink(Path.Combine(Tools, tool), $"/usr/bin/{tool}");
        }

        Stub("dotnet", "echo '10.0.401 [/usr/share/dotnet/sdk]'");
        Stub("node", "echo v20.19.0");
        Stub("npm", "exit 0");
    }

    private string Tools => Directory.CreateDirectory(Path.Combine(_folder.FullName, "tools")).FullName;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("dotnet", "echo '9.0.300 [/usr/share/dotnet/sdk]'", "the .NET SDK is older than 10. Install .NET 10: https://dotnet.microsoft.com/download")]
    [InlineData("node", "echo v18.20.1", "Node.js v18.20.1 is too old. Install version 20 or later: https://nodejs.org")]
    public async Task Tool_TooOld_IsRefusedOnOneLine(string tool, string answer, string expected)
    {
        Stub(tool, answer);

        var (exitCode, errors) = await RunAsync("run");

        Assert.Equal($"clearway: {expected}", errors);
        Assert.NotEqual(0, exitCode);
    }

    [Theory]
    [InlineData("dotnet", "the .NET SDK is missing. Install .NET 10: https://dotnet.microsoft.com/download")]
    [InlineData("node", "Node.js is missing. Install version 20 or later: https://nodejs.org")]
    public async Task Tool_Missing_IsRefusedOnOneLine(string tool, string expected)
    {
        File.Delete(Path.Combine(Tools, tool));

        var (exitCode, errors) = await RunAsync("test");

        Assert.Equal($"clearway: {expected}", errors);
        Assert.NotEqual(0, exitCode);
    }

    [Fact]
    public async Task Server_MissingWithoutRightToInstall_IsRefusedWithTheCommandForAnAdministrator()
    {
        foreach (var present in new[] { "postgres", "turnserver", "setpriv" })
        {
            Stub(present, "exit 0");
        }

        Stub("apt-get", "exit 1");

        var (exitCode, errors) = await RunAsync("run");

        Assert.Equal("clearway: missing on this machine: redis-server. There is no right to install: have an administrator run: apt-get install redis-server", errors);
        Assert.NotEqual(0, exitCode);
    }

    [Fact]
    public async Task Command_Unknown_IsRefusedWithTheKnownOnes()
    {
        var (exitCode, errors) = await RunAsync("stop");

        Assert.Contains("./clearway run", errors, StringComparison.Ordinal);
        Assert.NotEqual(0, exitCode);
    }

    private void Stub(string tool, string script)
    {
        var path = Path.Combine(Tools, tool);
        File.Delete(path);
        File.WriteAllText(path, $"#!/usr/bin/bash\n{script}\n");
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
    }

    // As an account without rights, also where the tests run as root.
    private async Task<(int ExitCode, string Errors)> RunAsync(string command)
    {
        var info = new ProcessStartInfo("/usr/bin/setpriv") { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = _folder.FullName };
        if (Environment.IsPrivilegedProcess)
        {
            foreach (var argument in new[] { "--reuid=65534", "--regid=65534", "--clear-groups" })
            {
                info.ArgumentList.Add(argument);
            }
        }

        foreach (var argument in new[] { "--", "/usr/bin/bash", Path.Combine(_folder.FullName, "clearway"), command })
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment["PATH"] = Tools;
        using var process = Process.Start(info)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        await output;
        return (process.ExitCode, errors.Trim());
    }
}
