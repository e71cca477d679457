using Clearway.Chat.Predictive;
using Clearway.Testing;
using Xunit;

namespace Clearway.Chat.Tests.Predictive;

public sealed class DictionaryFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    public void Dictionary_OfALanguage_TakesAtMostSixteenBytesAWordWithEverything(string language)
    {
        using var index = WordIndex.Open(language);
        Assert.InRange((double)index.Bytes / index.Count, 1, 16);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    public void Dictionary_OfALanguage_IsWhatItsListsArePackedTo(string language)
    {
        var lists = Path.Combine(Repository.Folder, "services", "chat", "dictionary");
        using var packed = new MemoryStream();
        DictionaryWriter.Write(
            packed,
            WordList.ReadWords(Path.Combine(lists, $"words.{language}.txt")),
            WordList.ReadPairs(Path.Combine(lists, $"pairs.{language}.txt")));
        Assert.True(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, $"words.{language}.dict")).AsSpan().SequenceEqual(packed.ToArray()));
    }

    [Fact]
    public void Open_AnyByteChanged_IsRefused()
    {
        var sound = Sound();
        for (var place = 0; place < sound.Length; place++)
        {
            var damaged = (byte[])sound.Clone();
            damaged[place] ^= 0x40;
            AssertRefused(damaged);
        }
    }

    [Fact]
    public void Open_CutAnywhere_IsRefused()
    {
        var sound = Sound();
        for (var length = 0; length < sound.Length; length++)
        {
            AssertRefused(sound[..length]);
        }

        AssertRefused([.. sound, 0]);
    }

    private static byte[] Sound()
    {
        using var written = new MemoryStream();
        DictionaryWriter.Write(written, [new("да", 9), new("дача", 5), new("ёлка", 3)], [new("да", [new("ёлка", 4)])]);
        return written.ToArray();
    }

    private void AssertRefused(byte[] bytes)
    {
        File.WriteAllBytes(_path, bytes);
        Assert.Throws<InvalidDataException>(() => DictionaryFile.Open(_path).Dispose());
    }
}
