namespace Clearway.Testing;

/// <summary>The sources that tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder of Clearway.sln.</summary>
    /// <exception cref="DirectoryNotFoundException">The tests do not run inside the repository.</exception>
    public static string Folder { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Clearway.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("Clearway.sln is in no folder above the tests.");
    }
}
