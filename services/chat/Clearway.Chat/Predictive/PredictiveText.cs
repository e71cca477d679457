namespace Clearway.Chat.Predictive;

/// <summary>
/// Completes the last word of a line in Russian and English. A word is read as it stands first; as Russian in Latin letters, and as
/// typed in the wrong keyboard layout, it is read beside that, at a price: such a suggestion has to be the more frequent word by a
/// factor, and more frequent than the typed word itself, so that real words are left alone. Behind a word of its own alphabet a word is
/// read otherwise only where the literal reading leads nowhere.
/// </summary>
internal sealed class PredictiveText
{
    // Prices in steps of WeightedWord.Weight: a transliterated word must be twice as frequent, one of the other layout ten times.
    private const int TransliterationPrice = 12;
    private const int LayoutPrice = 40;

    private const int FewestTransliterated = 2;
    private const int FewestSwitched = 3;

    private readonly WordIndex _english = new(WordList.Read("en"));
    private readonly WordIndex _russian = new(WordList.Read("ru"));

    /// <summary>Number of words over both languages.</summary>
    public int Words => _english.Count + _russian.Count;

    /// <summary>Completes the last word of a line.</summary>
    /// <param name="line">The line up to the caret.</param>
    /// <param name="limit">Most suggestions, 1 to <see cref="WordIndex.MaxCompletions"/>.</param>
    /// <returns>Whole words, best first, in the typed word's casing, none equal to it; always the same for the same line.</returns>
    public IReadOnlyList<string> Complete(ReadOnlySpan<char> line, int limit)
    {
        if (TypedWord.LastOf(line) is not { } typed)
        {
            return [];
        }

        var candidates = new Candidates(stackalloc Candidate[limit]);
        OfferCompletions(ref candidates, typed.Script, typed.Key, 0, 0);
        var itself = IndexOf(typed.Script).Find(typed.Key);
        if (typed.Context != typed.Script || (candidates.Count == 0 && itself < 0))
        {
            OfferOtherReadings(ref candidates, typed, itself < 0 ? 0 : IndexOf(typed.Script).Weight(itself));
        }

        var suggestions = new string[candidates.Count];
        for (var index = 0; index < suggestions.Length; index++)
        {
            var (script, word, _) = candidates.Best[index];
            suggestions[index] = typed.Casing.Spell(IndexOf(script).Spelling(word));
        }

        return suggestions;
    }

    private void OfferOtherReadings(ref Candidates candidates, TypedWord typed, int floor)
    {
        // In a line of the other alphabet the other reading is the likelier one.
        var discount = typed.Context == Script.None ? 0 : TransliterationPrice;
        if (typed.Script == Script.Latin && typed.Key.Length >= FewestTransliterated)
        {
            foreach (var reading in Transliteration.Read(typed.Key))
            {
                OfferReading(ref candidates, Script.Cyrillic, reading, TransliterationPrice - discount, floor);
            }
        }

        if (typed.Key.Length >= FewestSwitched && KeyboardLayout.Switch(typed.Key) is { } switched)
        {
            var other = typed.Script == Script.Latin ? Script.Cyrillic : Script.Latin;
            OfferReading(ref candidates, other, switched, LayoutPrice - discount, floor);
        }
    }

    /// <summary>Offers what another reading is, and what it begins.</summary>
    private void OfferReading(ref Candidates candidates, Script script, ReadOnlySpan<char> key, int price, int floor)
    {
        var word = IndexOf(script).Find(key);
        if (word >= 0)
        {
            OfferWord(ref candidates, script, word, price, floor);
        }

        OfferCompletions(ref candidates, script, key, price, floor);
    }

    private void OfferCompletions(ref Candidates candidates, Script script, ReadOnlySpan<char> key, int price, int floor)
    {
        Span<int> best = stackalloc int[WordIndex.MaxCompletions];
        foreach (var word in best[..IndexOf(script).Complete(key, best)])
        {
            OfferWord(ref candidates, script, word, price, floor);
        }
    }

    private void OfferWord(ref Candidates candidates, Script script, int word, int price, int floor)
    {
        var score = IndexOf(script).Weight(word) - price;
        if (score > floor || floor == 0)
        {
            candidates.Offer(new Candidate(script, word, score));
        }
    }

    private WordIndex IndexOf(Script script) => script == Script.Latin ? _english : _russian;
}
