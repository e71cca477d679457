namespace Clearway.EndToEndTests;

/// <summary>Where tests leave what people want to look at; the folder is ignored by git and made anew by each run.</summary>
internal static class Artefacts
{
    /// <summary>Pictures of pages.</summary>
    public static DirectoryInfo Screenshots { get; } = Directory.CreateDirectory(Path.Combine(RepositoryRoot(), "artifacts", "screenshots"));

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Clearway.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("Clearway.sln is in no folder above the tests.");
    }
}
