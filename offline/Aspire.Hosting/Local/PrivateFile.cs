namespace Aspire.Hosting.Local;

/// <summary>Files with secrets.</summary>
internal static class PrivateFile
{
    /// <summary>Writes a file that only its owner can read and returns its path.</summary>
    public static string Write(string directory, string name, string text)
    {
        var path = Path.Combine(directory, name);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };

        using var writer = new StreamWriter(path, options);
        writer.WriteLine(text);
        return path;
    }
}
