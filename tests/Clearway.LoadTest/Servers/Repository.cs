using System.Reflection;
using Clearway.TestServers;

namespace Clearway.LoadTest.Servers;

/// <summary>Where things are in the source tree, and what has to be made before they can be used.</summary>
internal static class Repository
{
    private static readonly string _configuration =
        typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    internal static string Root { get; } = FindRoot();

    internal static string Sources => Path.Combine(Root, "tests", "Clearway.LoadTest");

    /// <summary>Wire examples of the protocol.</summary>
    internal static string WireExamples => Path.Combine(Root, "tests", "wire");

    /// <summary>Whether the code that runs is optimised: without it no figure means anything.</summary>
    internal static bool IsRelease => _configuration == "Release";

    /// <summary>Build output of a service, of the same configuration as this program.</summary>
    internal static string Service(string folder, string project) =>
        Path.Combine(Root, "services", folder, project, "bin", _configuration, "net10.0", project + ".dll");

    /// <summary>The folder with the peers' packages, installed from the lock file where that is newer.</summary>
    internal static async Task<string> PeersAsync()
    {
        var peers = Path.Combine(Sources, "peers");
        await NodePackages.InstallAsync(peers);
        return peers;
    }

    /// <summary>The relay in C, compiled; null where there is no compiler.</summary>
    internal static async Task<string?> LimitAsync()
    {
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "gcc"))))
        {
            return null;
        }

        var program = Path.Combine(AppContext.BaseDirectory, "limit-relay");
        await ServerProcess.RunAsync("gcc", ["-O3", "-march=native", "-o", program, Path.Combine(Sources, "limit", "relay.c")]);
        return program;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The program does not run inside the repository.");
    }
}
