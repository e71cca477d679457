using System.Globalization;

namespace Aspire.Hosting.Local;

/// <summary>The folder of files that only one run needs: settings with secrets, data that nobody keeps.</summary>
internal static class RunFolder
{
    private const string Prefix = "clearway-run-";

    /// <summary>Creates this run's folder, and deletes those of runs that were killed before they could.</summary>
    public static string Create()
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), $"{Prefix}*"))
        {
            if (int.TryParse(Path.GetFileName(folder)[Prefix.Length..].Split('-')[0], out var owner) && !Directory.Exists($"/proc/{owner}"))
            {
                Delete(folder);
            }
        }

        return Directory.CreateTempSubdirectory(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-")).FullName;
    }

    /// <summary>Deletes what this account may delete; another account's folder is that one's to clean.</summary>
    public static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            // Another account's, or another start cleans at the same moment.
        }
    }
}
