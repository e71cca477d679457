namespace Clearway.TestServers;

/// <summary>A folder of its own for one server's data, gone when disposed.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Creates the folder.</summary>
    /// <param name="purpose">Part of its name.</param>
    public TemporaryFolder(string purpose) => Path = Directory.CreateTempSubdirectory($"clearway-{purpose}-").FullName;

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
