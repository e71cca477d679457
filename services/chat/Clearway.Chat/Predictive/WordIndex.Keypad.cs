using System.Runtime.InteropServices;

namespace Clearway.Chat.Predictive;

/// <summary>The words that digits of a telephone type.</summary>
internal sealed partial class WordIndex
{
    /// <summary>How many keys of a telephone type a word.</summary>
    public int DigitsOf(int word)
    {
        var cursor = At(word);
        var count = 0;
        for (var index = 0; index < cursor.Length; index++)
        {
            count += Keypad.DigitOf(cursor.Key(index)) is null ? 0 : 1;
        }

        return count;
    }

    /// <summary>Finds the words that digits of a telephone's keypad type: those of just these digits first, then longer ones.</summary>
    /// <param name="digits">2 to 9 only.</param>
    /// <param name="best">Receives the words' numbers, best first; at most <see cref="MaxCompletions"/> are filled.</param>
    /// <returns>How many there are.</returns>
    public int Type(ReadOnlySpan<char> digits, Span<int> best)
    {
        best = best[..Math.Min(best.Length, MaxCompletions)];
        if (digits.Length is 0 or > Letters.LongestWord)
        {
            return 0;
        }

        var order = MemoryMarshal.Cast<byte, UInt24>(_file[DictionarySection.KeypadOrder])[..Count];
        var (first, end) = (0, Count);
        Span<uint> hashes = stackalloc uint[Letters.LongestWord + 1];
        PrefixNodes.Hash(digits, hashes);
        var nodes = new PrefixNodes(_file[DictionarySection.KeypadNodes]);
        for (var length = digits.Length; length > 0; length--)
        {
            var node = nodes.Find(hashes[length], length);
            if (node >= 0 && CompareDigits(order[nodes.First(node)].Value, digits[..length], out _) == 0)
            {
                if (length == digits.Length)
                {
                    return Copy(nodes.BestOf(node), best);
                }

                (first, end) = (nodes.First(node), nodes.End(node));
                break;
            }
        }

        return TypeAmong(order, (first, end), digits, best);
    }

    private int TypeAmong(ReadOnlySpan<UInt24> order, (int First, int End) range, ReadOnlySpan<char> digits, Span<int> best)
    {
        var (first, end) = range;
        for (var last = end; first < last;)
        {
            var middle = (int)(((uint)first + (uint)last) >> 1);
            (first, last) = CompareDigits(order[middle].Value, digits, out _) < 0 ? (middle + 1, last) : (first, middle);
        }

        var ranking = new Ranking(best);
        for (; first < end && CompareDigits(order[first].Value, digits, out var isWhole) == 0; first++)
        {
            var word = order[first].Value;
            ranking.Offer(word, Weight(word) + (isWhole ? byte.MaxValue + 1 : 0));
        }

        return ranking.Count;
    }

    /// <summary>Where the digits of a word stand beside digits: before them, beginning with them (0), or behind them.</summary>
    private int CompareDigits(int word, ReadOnlySpan<char> digits, out bool isWhole)
    {
        var cursor = At(word);
        var place = 0;
        isWhole = false;
        for (var index = 0; index < cursor.Length; index++)
        {
            if (Keypad.DigitOf(cursor.Key(index)) is not { } digit)
            {
                continue;
            }

            if (place == digits.Length)
            {
                return 0;
            }

            if (digit != digits[place])
            {
                return digit - digits[place];
            }

            place++;
        }

        isWhole = place == digits.Length;
        return isWhole ? 0 : -1;
    }
}
