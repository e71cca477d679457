using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Clearway.Offline.Hosting.Tests;

public sealed class SecretTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hosting-tests-");

    private string SecretsFile => Path.Combine(_folder.FullName, "id", "secrets.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Secret_OfAnEarlierStart_Holds()
    {
        Assert.Equal("first", new UserSecretsStore(SecretsFile).GetOrAdd("Parameters:one", "first"));
        Assert.Equal("other", new UserSecretsStore(SecretsFile).GetOrAdd("Parameters:two", "other"));

        Assert.Equal("first", new UserSecretsStore(SecretsFile).GetOrAdd("Parameters:one", "second"));
    }

    [Fact]
    public void SecretsFile_Written_IsItsOwnersAlone()
    {
        new UserSecretsStore(SecretsFile).GetOrAdd("Parameters:one", "first");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SecretsFile));
    }

    [Fact]
    public void SecretsFile_ThatIsNotJson_IsNamedAndKept()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(SecretsFile)!);
        File.WriteAllText(SecretsFile, "{ not json");

        var failure = Assert.Throws<DistributedApplicationException>(() => new UserSecretsStore(SecretsFile).GetOrAdd("Parameters:one", "first"));

        Assert.Contains(SecretsFile, failure.Message, StringComparison.Ordinal);
        Assert.Equal("{ not json", File.ReadAllText(SecretsFile));
    }

    [Fact]
    public void GeneratedValue_WithoutSpecials_HasOnlyLettersAndDigits()
    {
        var generated = new GenerateParameterDefault { MinLength = 48, Special = false };

        Assert.Matches("^[A-Za-z0-9]{48}$", generated.GetDefaultValue());
        Assert.NotEqual(generated.GetDefaultValue(), generated.GetDefaultValue());
    }
}
