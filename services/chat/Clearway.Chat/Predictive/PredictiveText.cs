using System.Runtime.CompilerServices;

namespace Clearway.Chat.Predictive;

/// <summary>What is suggested for a line.</summary>
/// <param name="Words">Whole words, best first, none equal to what was typed.</param>
/// <param name="Replaced">How many UTF-16 code units at the end of the line each of them stands in for; 0 for a next word.</param>
internal readonly record struct Prediction(IReadOnlyList<string> Words, int Replaced)
{
    public static readonly Prediction None = new([], 0);
}

/// <summary>
/// Completes the last word of a line in Russian and English, and tells the next one behind a space. A word is read as it stands first;
/// as Russian in Latin letters, as typed in the wrong keyboard layout, and as misspelt, it is read beside that, at a price: such a
/// suggestion has to be the more frequent word by a factor, and more frequent than the typed word itself, so that real words are left
/// alone. Behind a word of its own alphabet a word is read otherwise only where the literal reading leads nowhere. Digits are read as
/// the keys of a telephone.
/// </summary>
internal sealed class PredictiveText(SpokenWords spoken) : IDisposable
{
    // Prices in steps of WeightedWord.Weight: a transliterated word must be twice as frequent, one of the other layout ten times.
    private const int TransliterationPrice = 9;
    private const int LayoutPrice = 30;

    /// <summary>What a completion of a misspelt word costs beside the slip.</summary>
    private const int MisspeltBeginningPrice = 25;

    /// <summary>What a word costs that was not seen behind the word before it, where that has been seen: two fifths of its frequency.</summary>
    private const int UnseenPrice = 12;

    private const int ForeignDigitsPrice = 30;
    private const int WholeDigitsBonus = 90;

    private const int FewestTransliterated = 2;
    private const int FewestSwitched = 3;
    private const int FewestCompletedMisspelt = Beginnings.Shortest;

    /// <summary>A word that begins so many others is no slip.</summary>
    private const int FewestLiteral = 2;

    private readonly WordIndex _english = WordIndex.Open("en");
    private readonly WordIndex _russian = WordIndex.Open("ru");

    /// <summary>Number of words over both languages.</summary>
    public int Words => _english.Count + _russian.Count;

    /// <summary>Suggests words for the end of a line.</summary>
    /// <param name="line">The line up to the caret; anything.</param>
    /// <param name="limit">Most suggestions, 1 to <see cref="WordIndex.MaxCompletions"/>.</param>
    /// <param name="room">Whose learned words are suggested too; null for nobody's.</param>
    /// <returns>In the typed word's casing; the same for the same line as long as the room has learned nothing new.</returns>
    public Prediction Predict(ReadOnlySpan<char> line, int limit, RoomScope? room = null)
    {
        var query = new Query(this, limit, room is { } scope ? spoken.In(scope) : null);
        return TypedLine.EndOf(line) switch
        {
            { Typing: Typing.Word } typed => query.CompleteWord(typed, line),
            { Typing: Typing.Digits } typed => query.TypeDigits(typed),
            { Typing: Typing.Nothing } typed => query.TellNext(typed),
            _ => query.SwitchKeys(line),
        };
    }

    public void Dispose()
    {
        _english.Dispose();
        _russian.Dispose();
    }

    private WordIndex IndexOf(Script script) => script == Script.Latin ? _english : _russian;

    /// <summary>One look-up.</summary>
    private ref struct Query(PredictiveText text, int limit, RoomWords? learned)
    {
        private List<LearnedWord>? _learned;
        private Candidates _candidates = new(limit);
        private TypedLine _typed;

        /// <summary>Other readings than the literal one must be worth more than this: the typed word's own weight.</summary>
        private int _floor;

        public Prediction CompleteWord(TypedLine typed, ReadOnlySpan<char> line)
        {
            if (SwitchKeys(line) is { Words.Count: > 0 } switched)
            {
                return switched;
            }

            _typed = typed;
            var index = text.IndexOf(typed.Script);
            var literal = OfferCompletions(typed.Script, typed.Key, 0, isItselfMeant: false, out var itself) + OfferLearned(typed.Key, 0);
            _floor = itself < 0 ? 0 : index.Weight(itself);
            if (typed.Context != typed.Script || (literal == 0 && itself < 0))
            {
                OfferOtherReadings(isWord: itself >= 0);
            }

            if (itself < 0 && literal < FewestLiteral && typed.Key.Length >= Misspelling.ShortestWord)
            {
                OfferRepaired(index);
            }

            return Answer(typed.Length);
        }

        public Prediction TypeDigits(TypedLine typed)
        {
            _typed = typed;
            Span<int> best = stackalloc int[WordIndex.MaxCompletions];
            foreach (var script in (ReadOnlySpan<Script>)[Script.Latin, Script.Cyrillic])
            {
                var index = text.IndexOf(script);
                var price = typed.Context is Script.None || typed.Context == script ? 0 : ForeignDigitsPrice;
                foreach (var word in best[..index.Type(typed.Key, best)])
                {
                    var isWhole = index.DigitsOf(word) == typed.Key.Length;
                    _candidates.Offer(new Candidate(script, word, index.Weight(word) - price + (isWhole ? WholeDigitsBonus : 0)));
                }
            }

            return Answer(typed.Length);
        }

        public Prediction TellNext(TypedLine typed)
        {
            _typed = typed;
            foreach (var follower in FollowersIn(typed.Context))
            {
                _candidates.Offer(new Candidate(typed.Context, WordPairs.Word(follower), WordPairs.Weight(follower)));
            }

            return Answer(0);
        }

        /// <summary>Reads the end of a line as Russian keys among which there are signs of punctuation.</summary>
        public Prediction SwitchKeys(ReadOnlySpan<char> line)
        {
            if (KeyboardLayout.KeysAtEndOf(line) is not { Length: >= FewestSwitched } keys || KeyboardLayout.Switch(keys) is not { } switched
                || HasWord(keys))
            {
                return Prediction.None;
            }

            _typed = default;
            OfferReading(Script.Cyrillic, switched, LayoutPrice);
            _typed = new TypedLine(Typing.Word, keys, keys.Length, Script.Latin, CasedSpelling.Of(line[^keys.Length..]), null, Script.None);
            return Answer(keys.Length);
        }

        /// <summary>Whether there is an English word between the signs: then they are signs. Single letters are no evidence.</summary>
        private readonly bool HasWord(ReadOnlySpan<char> keys)
        {
            foreach (var range in keys.SplitAny("[];',."))
            {
                if (keys[range].Length > 1 && text._english.Find(keys[range]) >= 0)
                {
                    return true;
                }
            }

            return text._english.Find(keys.Trim("[];',.")) >= 0;
        }

        private void OfferOtherReadings(bool isWord)
        {
            // In a line of the other alphabet the other reading is the likelier one.
            var discount = _typed.Context == Script.None ? 0 : TransliterationPrice;
            if (_typed.Script == Script.Latin && _typed.Key.Length >= FewestTransliterated)
            {
                foreach (var reading in Transliteration.Read(_typed.Key))
                {
                    OfferReading(Script.Cyrillic, reading, TransliterationPrice - discount);
                }
            }

            // What is a word was not typed in the wrong layout.
            if (!isWord && _typed.Key.Length >= FewestSwitched && KeyboardLayout.Switch(_typed.Key) is { } switched)
            {
                var other = _typed.Script == Script.Latin ? Script.Cyrillic : Script.Latin;
                OfferReading(other, switched, LayoutPrice - discount);
            }
        }

        /// <summary>Offers what another reading is, and what it begins.</summary>
        private void OfferReading(Script script, ReadOnlySpan<char> key, int price)
        {
            OfferCompletions(script, key, price, isItselfMeant: true, out _);
            OfferLearned(key, price);
        }

        /// <summary>Offers what one slip away is a word, or the beginning of one if it is long enough to tell.</summary>
        private void OfferRepaired(WordIndex index)
        {
            // What begins no word has no longer beginning that does.
            var (known, unknown) = (0, _typed.Key.Length + 1);
            Span<int> best = stackalloc int[1];
            while (unknown - known > 1)
            {
                var middle = (known + unknown) / 2;
                (known, unknown) = index.Complete(_typed.Key.AsSpan(0, middle), best) > 0 ? (middle, unknown) : (known, middle);
            }

            Span<char> other = stackalloc char[Letters.LongestWord + 1];
            foreach (var slip in new Misspelling(_typed.Key, _typed.Script, known, index.Beginnings, other))
            {
                var key = other[..slip.Length];
                var word = index.Find(key);
                if (word >= 0)
                {
                    Offer(_typed.Script, word, index.Weight(word) - slip.Price);
                }
                else if (key.Length >= FewestCompletedMisspelt && index.Complete(key, best) > 0)
                {
                    Offer(_typed.Script, best[0], index.Weight(best[0]) - slip.Price - MisspeltBeginningPrice);
                }
            }
        }

        /// <summary>Offers what letters begin, and the word that they are if that may be meant; tells which it is, or -1.</summary>
        [SkipLocalsInit]
        private int OfferCompletions(Script script, ReadOnlySpan<char> key, int price, bool isItselfMeant, out int itself)
        {
            var index = text.IndexOf(script);
            Span<int> best = stackalloc int[WordIndex.MaxCompletions];
            var found = index.Complete(key, best, out var words);
            itself = words.Itself;
            if (isItselfMeant && itself >= 0)
            {
                Offer(script, itself, index.Weight(itself) - price);
            }

            if (found == 0)
            {
                return 0;
            }

            var followers = FollowersIn(script);
            var unseen = followers.IsEmpty ? 0 : UnseenPrice;

            // Those behind have as many better ones before them as there are places.
            foreach (var word in best[..Math.Min(found, limit)])
            {
                Offer(script, word, index.Weight(word) - unseen - price);
            }

            Span<uint> continuing = stackalloc uint[WordPairs.MostFollowers];
            foreach (var follower in continuing[..WordIndex.Filter(followers, words, continuing)])
            {
                Offer(script, WordPairs.Word(follower), WordPairs.Weight(follower) - price);
            }

            return found;
        }

        /// <summary>Offers the room's words, those that a dictionary has under their number there.</summary>
        private int OfferLearned(ReadOnlySpan<char> key, int price)
        {
            if (learned is not { } words)
            {
                return 0;
            }

            _learned ??= [];
            var first = _learned.Count;
            words.Find(key, _learned);
            for (var place = first; place < _learned.Count; place++)
            {
                var found = _learned[place];
                var known = text.IndexOf(found.Script).Find(found.Key);
                Offer(known < 0 ? Script.None : found.Script, known < 0 ? place : known, found.Weight - price);
            }

            return _learned.Count - first;
        }

        private void Offer(Script script, int word, int score)
        {
            if (score > _floor || _floor == 0)
            {
                _candidates.Offer(new Candidate(script, word, score));
            }
        }

        /// <summary>What follows the word before, if that is of this language.</summary>
        private readonly ReadOnlySpan<uint> FollowersIn(Script script)
        {
            var index = text.IndexOf(script);
            return _typed.Before switch
            {
                null => [],
                WordFollowers.SentenceStart => index.After(WordPairs.SentenceStart),
                var before => _typed.Context == script && index.Find(before) is >= 0 and var word ? index.After(word) : [],
            };
        }

        private readonly Prediction Answer(int replaced)
        {
            var words = new string[_candidates.Count];
            for (var place = 0; place < words.Length; place++)
            {
                var (script, word, _) = _candidates.Best[place];
                words[place] = _typed.Casing.Spell(script == Script.None ? _learned![word].Spelling : text.IndexOf(script).Spelling(word));
            }

            return new Prediction(words, replaced);
        }
    }
}
