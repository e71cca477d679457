namespace Clearway.Chat.Predictive;

/// <summary>How a word is capitalised; carried from what was typed to what is suggested.</summary>
internal enum Casing
{
    /// <summary>As the word list spells it.</summary>
    AsSpelt,

    /// <summary>First letter upper case.</summary>
    Capital,

    /// <summary>All letters upper case.</summary>
    Upper,
}

/// <summary>Spells words in a <see cref="Casing"/>.</summary>
internal static class CasedSpelling
{
    /// <summary>How a word is capitalised.</summary>
    /// <param name="word">A word of one of the two alphabets; not empty.</param>
    public static Casing Of(ReadOnlySpan<char> word)
    {
        if (!char.IsUpper(word[0]))
        {
            return Casing.AsSpelt;
        }

        return word.Length > 1 && !word.ContainsAnyInRange('a', 'z') && !word.ContainsAnyInRange('а', 'я') && !word.Contains('ё')
            ? Casing.Upper
            : Casing.Capital;
    }

    /// <summary>Spells a word so.</summary>
    public static string Spell(this Casing casing, string word)
    {
        if (casing == Casing.AsSpelt)
        {
            return word;
        }

        Span<char> spelling = stackalloc char[Letters.LongestWord];
        spelling = spelling[..word.Length];
        word.CopyTo(spelling);
        var raised = casing switch
        {
            Casing.Upper => spelling.Length,
            Casing.Capital => 1,
            _ => 0,
        };
        foreach (ref var letter in spelling[..raised])
        {
            letter = char.ToUpperInvariant(letter);
        }

        return new string(spelling);
    }
}
