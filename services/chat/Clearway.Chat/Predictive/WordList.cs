using System.Globalization;

namespace Clearway.Chat.Predictive;

/// <summary>One line of a word list.</summary>
/// <param name="Spelling">The word as it is suggested.</param>
/// <param name="Weight">Its frequency on a logarithmic scale: 30 steps are a factor of ten, 60 is once in a million words.</param>
internal readonly record struct WeightedWord(string Spelling, byte Weight);

/// <summary>One line of a pair list.</summary>
/// <param name="First">The first word, or <see cref="SentenceStart"/>.</param>
/// <param name="Followers">The words that follow it, best first; a weight is the share of what follows, on the scale of the words.</param>
internal sealed record WordFollowers(string First, IReadOnlyList<WeightedWord> Followers)
{
    public const string SentenceStart = "^";
}

/// <summary>Reads the lists that the dictionaries are packed from (services/chat/dictionary).</summary>
internal static class WordList
{
    /// <summary>Reads a list whose lines are a word, a tab and a weight.</summary>
    /// <exception cref="InvalidDataException">A line of another form.</exception>
    public static IEnumerable<WeightedWord> ReadWords(string path) => File.ReadLines(path).Select(line =>
        line.Split('\t') is [{ Length: > 0 and <= Letters.LongestWord } spelling, var weight]
            ? new WeightedWord(spelling, ReadWeight(path, weight))
            : throw Malformed(path, line));

    /// <summary>Reads a list whose lines are a word, and its followers each with its weight, all parted by tabs.</summary>
    /// <exception cref="InvalidDataException">A line of another form.</exception>
    public static IEnumerable<WordFollowers> ReadPairs(string path) => File.ReadLines(path).Select(line =>
        line.Split('\t') is [var first, .. var followers] && followers.Length % 2 == 0
            ? new WordFollowers(first, [.. followers.Chunk(2).Select(pair => new WeightedWord(pair[0], ReadWeight(path, pair[1])))])
            : throw Malformed(path, line));

    private static byte ReadWeight(string path, string text) =>
        byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var weight) ? weight : throw Malformed(path, text);

    private static InvalidDataException Malformed(string path, string text) => new($"{path}: '{text}' is not of the list's form.");
}
