using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Clearway.Chat.Predictive;

/// <summary>
/// Walks over the spellings of a dictionary in the order of their keys. They are front-coded in blocks of <see cref="BlockWords"/>: a
/// word is one byte with how many letters it shares with the word before it (high four bits) and how many follow (low four bits, 15 =
/// and as many more as the next byte says), and the codes of those letters. The first word of a block shares none.
/// </summary>
internal ref struct WordCursor
{
    public const int BlockWords = 8;

    /// <summary>Most letters shared, and most that need no second byte.</summary>
    public const int Nibble = 15;

    private readonly ReadOnlySpan<byte> _text;
    private readonly ReadOnlySpan<char> _keys;
    private int _position;
    private Codes _codes;

    /// <summary>Stands on a word.</summary>
    /// <param name="text">The front-coded words.</param>
    /// <param name="blocks">Where the blocks begin.</param>
    /// <param name="keys">The key's letter of each code.</param>
    /// <param name="word">The word.</param>
    public WordCursor(ReadOnlySpan<byte> text, ReadOnlySpan<int> blocks, ReadOnlySpan<char> keys, int word)
    {
        _text = text;
        _keys = keys;
        var block = word / BlockWords;
        _position = blocks[block];
        Word = (block * BlockWords) - 1;
        while (Word < word)
        {
            MoveNext();
        }
    }

    /// <summary>The word's number.</summary>
    public int Word { get; private set; }

    /// <summary>The word's length in letters.</summary>
    public int Length { get; private set; }

    /// <summary>Goes to the next word; there must be one.</summary>
    public void MoveNext()
    {
        var lengths = _text[_position++];
        var shared = lengths >> 4;
        var own = lengths & Nibble;
        if (own == Nibble)
        {
            own += _text[_position++];
        }

        _text.Slice(_position, own).CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<Codes, byte>(ref _codes), Letters.LongestWord)[shared..]);
        _position += own;
        Length = shared + own;
        Word++;
    }

    /// <summary>The code of one of the word's letters.</summary>
    public readonly byte Code(int index) => _codes[index];

    /// <summary>The key's letter at a place.</summary>
    public readonly char Key(int index) => _keys[_codes[index]];

    /// <summary>Where the word stands beside a prefix: before it, under it (0), or behind it.</summary>
    public readonly int Compare(ReadOnlySpan<char> prefix)
    {
        var common = Math.Min(Length, prefix.Length);
        for (var index = 0; index < common; index++)
        {
            var difference = Key(index) - prefix[index];
            if (difference != 0)
            {
                return difference;
            }
        }

        return Length < prefix.Length ? -1 : 0;
    }

    [InlineArray(Letters.LongestWord)]
    private struct Codes
    {
        private byte _first;
    }
}
