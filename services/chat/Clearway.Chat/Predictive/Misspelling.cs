using System.Runtime.CompilerServices;

namespace Clearway.Chat.Predictive;

/// <summary>A word that one slip of a finger may have turned into what was typed.</summary>
/// <param name="Length">Its length.</param>
/// <param name="Price">What the slip costs, in steps of <see cref="WeightedWord.Weight"/>.</param>
internal readonly record struct Slip(int Length, int Price);

/// <summary>
/// Goes through what is one slip away from a typed word: two letters exchanged, one too many, one missing, one wrong. Of the hundreds that
/// there are, those that are neither a word nor begin one are passed over by their hash alone, before they are written. Each other one is
/// written where the caller reads it.
/// </summary>
internal ref struct Misspelling
{
    /// <summary>Shorter words are not repaired: everything is one slip from everything.</summary>
    public const int ShortestWord = 3;

    // An exchange must make a word three times as frequent, and so on.
    private const int ExchangePrice = 15;
    private const int OmissionPrice = 22;
    private const int NeighbourPrice = 25;
    private const int OtherLetterPrice = 45;
    private const int FirstLetterPrice = 20;

    private const string Latin = "abcdefghijklmnopqrstuvwxyz'";
    private const string Cyrillic = "абвгдежзийклмнопрстуфхцчшщъыьэюя-";

    private readonly ReadOnlySpan<char> _key;
    private readonly Span<char> _word;
    private readonly string _alphabet;
    private readonly int _places;
    private readonly Beginnings _beginnings;
    private readonly Hashes _hashes; // of the typed word's beginnings, by their length
    private int _step = -1;

    /// <param name="key">The typed word's key.</param>
    /// <param name="script">Its alphabet.</param>
    /// <param name="known">How many of its first letters begin a word: the slip is not behind them.</param>
    /// <param name="beginnings">What may be a word, or begin one.</param>
    /// <param name="word">Receives each word; one letter longer than the longest.</param>
    public Misspelling(ReadOnlySpan<char> key, Script script, int known, Beginnings beginnings, Span<char> word)
    {
        _key = key;
        _word = word;
        _beginnings = beginnings;
        _alphabet = script == Script.Latin ? Latin : Cyrillic;
        _places = Math.Min(known, key.Length) + 1;
        for (var length = 0; length < key.Length; length++)
        {
            _hashes[length + 1] = Beginnings.Extend(_hashes[length], key[length]);
        }
    }

    public Slip Current { get; private set; }

    /// <summary>An exchange and an omission at each place, and a wrong and a missing letter for each of the alphabet.</summary>
    private readonly int StepsOfAPlace => 2 + (2 * _alphabet.Length);

    public readonly Misspelling GetEnumerator() => this;

    public bool MoveNext()
    {
        while (++_step < _places * StepsOfAPlace)
        {
            var place = _step / StepsOfAPlace;
            var slip = (_step % StepsOfAPlace) switch
            {
                0 => Exchange(place),
                1 => LeaveOut(place),
                var letter when letter % 2 == 0 => Replace(place, _alphabet[(letter - 2) / 2]),
                var letter => Insert(place, _alphabet[(letter - 2) / 2]),
            };
            if (slip is { } made)
            {
                Current = place == 0 ? made with { Price = made.Price + FirstLetterPrice } : made;
                return true;
            }
        }

        return false;
    }

    private readonly Slip? Exchange(int place)
    {
        if (place + 1 >= _key.Length || _key[place] == _key[place + 1]
            || !MayBe(Beginnings.Extend(Beginnings.Extend(_hashes[place], _key[place + 1]), _key[place]), place + 2))
        {
            return null;
        }

        _key.CopyTo(_word);
        (_word[place], _word[place + 1]) = (_key[place + 1], _key[place]);
        return new Slip(_key.Length, ExchangePrice);
    }

    private readonly Slip? LeaveOut(int place)
    {
        if (place >= _key.Length || !MayBe(_hashes[place], place + 1))
        {
            return null;
        }

        _key[..place].CopyTo(_word);
        _key[(place + 1)..].CopyTo(_word[place..]);
        return new Slip(_key.Length - 1, OmissionPrice);
    }

    private readonly Slip? Replace(int place, char letter)
    {
        if (place >= _key.Length || letter == _key[place] || !MayBe(Beginnings.Extend(_hashes[place], letter), place + 1))
        {
            return null;
        }

        _key.CopyTo(_word);
        _word[place] = letter;
        return new Slip(_key.Length, KeyboardLayout.AreNeighbours(letter, _key[place]) ? NeighbourPrice : OtherLetterPrice);
    }

    private readonly Slip? Insert(int place, char letter)
    {
        if (!MayBe(Beginnings.Extend(_hashes[place], letter), place))
        {
            return null;
        }

        _key[..place].CopyTo(_word);
        _word[place] = letter;
        _key[place..].CopyTo(_word[(place + 1)..]);
        return new Slip(_key.Length + 1, OmissionPrice);
    }

    /// <summary>Whether letters of a hash, and the typed ones from a place on behind them, may be a word or begin one.</summary>
    private readonly bool MayBe(ulong first, int place) =>
        _beginnings.MayHave(Beginnings.Join(first, _hashes[_key.Length], _hashes[place], _key.Length - place));

    [InlineArray(Letters.LongestWord + 1)]
    private struct Hashes
    {
        private ulong _empty;
    }
}
