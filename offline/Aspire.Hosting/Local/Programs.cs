namespace Aspire.Hosting.Local;

/// <summary>Finds programs of this machine.</summary>
internal static class Programs
{
    /// <summary>Full path of <paramref name="name"/> on PATH or in <paramref name="alsoIn"/>, or null.</summary>
    public static string? Find(string name, params IEnumerable<string> alsoIn) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/sbin", "/usr/local/sbin"])
            .Concat(alsoIn)
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);

    /// <summary>As <see cref="Find"/>, or a failure that says how to get it.</summary>
    /// <exception cref="DistributedApplicationException">It is not installed.</exception>
    public static string Require(string resource, string name, string package, params IEnumerable<string> alsoIn) =>
        Find(name, alsoIn) ?? throw new DistributedApplicationException($"{resource}: {name} is not installed. Install it: apt-get install {package}");
}
