using System.Globalization;

namespace Clearway.Chat.Predictive;

/// <summary>One line of a word list.</summary>
/// <param name="Spelling">The word as it is suggested.</param>
/// <param name="Weight">Its frequency on a logarithmic scale: 40 steps are a factor of ten, 80 is once in a million words.</param>
internal readonly record struct WeightedWord(string Spelling, byte Weight);

/// <summary>Reads the word lists that are built into the service (services/chat/dictionary).</summary>
internal static class WordList
{
    /// <summary>Reads a list whose lines are a word, a tab and a weight, best word first.</summary>
    /// <param name="language"><c>ru</c> or <c>en</c>.</param>
    /// <exception cref="InvalidDataException">A line of another form: the build is broken.</exception>
    public static IEnumerable<WeightedWord> Read(string language)
    {
        var name = $"words.{language}.txt";
        using var stream = typeof(WordList).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidDataException($"The word list {name} is not built in.");
        using var reader = new StreamReader(stream);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab is < 1 or > Letters.LongestWord
                || !byte.TryParse(line.AsSpan(tab + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var weight))
            {
                throw new InvalidDataException($"{name}:{number} is not a word, a tab and a weight.");
            }

            yield return new WeightedWord(line[..tab], weight);
        }
    }
}
