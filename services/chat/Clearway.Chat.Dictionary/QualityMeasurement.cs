using Clearway.Chat.Predictive;

namespace Clearway.Chat.Dictionary;

/// <summary>
/// Types sentences that nothing was built from. A person who types takes the meant word as soon as it is among the suggestions: one
/// keystroke, which writes the space behind it too. The other figure is of words, each before and while it is typed.
/// </summary>
internal static class QualityMeasurement
{
    private const int Suggestions = 3;

    private static readonly string[] _languages = ["en", "ru"];

    internal static void Run(TextWriter report)
    {
        using var text = new PredictiveText(new SpokenWords(TimeProvider.System));
        report.WriteLine($"{"",-4}{"sentences",10}{"words",8}{"saved, 1 shown",16}{"saved, 3 shown",16}{"next top-1",12}{"next top-3",12}{"2 letters top-1",17}{"2 letters top-3",17}{"typo top-1",12}{"layout top-1",14}");
        foreach (var language in _languages)
        {
            var path = Path.Combine(AppContext.BaseDirectory, $"heldout.{language}.txt");
            string[] sentences = [.. File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#')];
            var words = sentences.SelectMany(WordsOf).ToArray();
            var long2 = words.Where(word => word.Text.Length > 2).ToArray();
            var long4 = words.Where(word => word.Text.Length > 4).ToArray();
            report.WriteLine(
                $"{language,-4}{sentences.Length,10}{words.Length,8}"
                + $"{Saved(text, sentences, 1),16:P1}{Saved(text, sentences, Suggestions),16:P1}"
                + $"{Hits(text, words, 0, 1),12:P1}{Hits(text, words, 0, Suggestions),12:P1}"
                + $"{Hits(text, long2, 2, 1),17:P1}{Hits(text, long2, 2, Suggestions),17:P1}"
                + $"{Share(long4, word => IsFirst(text, word, Exchanged(word.Text))),12:P1}"
                + $"{Share(long4, word => KeyboardLayout.Switch(word.Text.ToLowerInvariant()) is { } keys && IsFirst(text, word, keys)),14:P1}");
        }
    }

    /// <summary>The part of all keystrokes that is not needed.</summary>
    private static double Saved(PredictiveText text, string[] sentences, int shown)
    {
        var (plain, needed) = (0, 0);
        foreach (var sentence in sentences)
        {
            plain += sentence.Length;
            needed += Keystrokes(text, sentence, shown);
        }

        return 1 - ((double)needed / plain);
    }

    private static int Keystrokes(PredictiveText text, string sentence, int shown)
    {
        var needed = 0;
        for (var typed = 0; typed < sentence.Length;)
        {
            var prediction = text.Predict(sentence.AsSpan(0, typed), shown);
            var start = typed - prediction.Replaced;
            var end = WordsOf(sentence).Where(word => word.Start == start).Select(word => start + word.Text.Length).FirstOrDefault(typed);
            needed++;
            if (end > typed && prediction.Words.Any(word => string.Equals(word, sentence[start..end], StringComparison.Ordinal)))
            {
                typed = end < sentence.Length && sentence[end] == ' ' ? end + 1 : end;
            }
            else
            {
                typed++;
            }
        }

        return needed;
    }

    private static double Hits(PredictiveText text, Word[] words, int letters, int shown) => Share(words, word =>
        text.Predict(word.Sentence.AsSpan(0, word.Start + letters), shown).Words.Contains(word.Text, StringComparer.OrdinalIgnoreCase));

    private static bool IsFirst(PredictiveText text, Word word, string typed) =>
        text.Predict(word.Sentence[..word.Start] + typed, 1).Words is [var first] && string.Equals(first, word.Text, StringComparison.OrdinalIgnoreCase);

    /// <summary>The word with its third and fourth letter exchanged.</summary>
    private static string Exchanged(string word) => $"{word[..2]}{word[3]}{word[2]}{word[4..]}";

    private static double Share(Word[] words, Func<Word, bool> condition) => (double)words.Count(condition) / words.Length;

    private static IEnumerable<Word> WordsOf(string sentence)
    {
        for (var start = 0; start < sentence.Length;)
        {
            var end = start;
            while (end < sentence.Length && (char.IsLetter(sentence[end]) || sentence[end] == '-'))
            {
                end++;
            }

            if (end > start)
            {
                yield return new Word(sentence, start, sentence[start..end]);
            }

            start = end + 1;
        }
    }

    private readonly record struct Word(string Sentence, int Start, string Text);
}
