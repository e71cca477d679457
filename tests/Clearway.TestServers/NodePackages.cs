namespace Clearway.TestServers;

/// <summary>Programs for Node that a test or a measurement needs and that npm brings.</summary>
public static class NodePackages
{
    /// <summary>Installs what a folder's lock file names, unless that has been done since it changed.</summary>
    /// <param name="folder">The folder with `package-lock.json`.</param>
    /// <exception cref="InvalidOperationException">npm failed; the message has its output.</exception>
    public static async Task InstallAsync(string folder)
    {
        var installed = Path.Combine(folder, "node_modules", ".package-lock.json");
        if (!File.Exists(installed) || File.GetLastWriteTimeUtc(installed) < File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json")))
        {
            await ServerProcess.RunAsync("npm", ["ci", "--prefix", folder, "--no-audit", "--no-fund", "--loglevel=error"]);
            File.SetLastWriteTimeUtc(installed, DateTime.UtcNow);
        }
    }
}
