using Clearway.Chat.Predictive;

namespace Clearway.Chat.Dictionary;

/// <summary>Writes the dictionaries from their lists.</summary>
internal static class Packing
{
    private static readonly string[] _languages = ["en", "ru"];

    internal static void Run(DirectoryInfo folder, TextWriter report)
    {
        foreach (var language in _languages)
        {
            var words = WordList.ReadWords(Path.Combine(folder.FullName, $"words.{language}.txt"));
            var pairs = WordList.ReadPairs(Path.Combine(folder.FullName, $"pairs.{language}.txt"));
            var path = Path.Combine(folder.FullName, $"words.{language}.dict");
            using (var file = File.Create(path))
            {
                DictionaryWriter.Write(file, words, pairs);
            }

            using var index = new WordIndex(DictionaryFile.Open(path));
            report.WriteLine($"{Path.GetFileName(path)}: {index.Count} words, {index.Bytes} bytes, {(double)index.Bytes / index.Count:F2} a word");
        }
    }
}
