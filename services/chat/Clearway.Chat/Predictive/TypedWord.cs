namespace Clearway.Chat.Predictive;

/// <summary>The alphabet of a word.</summary>
internal enum Script
{
    None,
    Latin,
    Cyrillic,
}

/// <summary>The last word of a line, and what is known of it.</summary>
/// <param name="Key">The word as look-ups want it, see <see cref="Letters.Fold(char)"/>.</param>
/// <param name="Script">Its alphabet.</param>
/// <param name="Context">The alphabet of the word before it.</param>
/// <param name="Casing">How it is capitalised.</param>
internal readonly record struct TypedWord(string Key, Script Script, Script Context, Casing Casing)
{
    /// <summary>Signs that glue a word to what stands before it: part of an address, a path or a name, and not a word of a language.</summary>
    private const string Glue = "@#/\\_.:=&~+%$0123456789";

    /// <summary>Finds the word that a line ends with.</summary>
    /// <param name="line">The line up to the caret.</param>
    /// <returns>Null where there is nothing to complete: no word, mixed alphabets, another alphabet, a part of an address.</returns>
    public static TypedWord? LastOf(ReadOnlySpan<char> line)
    {
        var start = line.Length;
        while (start > 0 && (char.IsLetter(line[start - 1]) || Letters.IsJoiner(line[start - 1])))
        {
            start--;
        }

        while (start < line.Length && Letters.IsJoiner(line[start]))
        {
            start++;
        }

        var word = line[start..];
        if (word.Length is 0 or > Letters.LongestWord || (start > 0 && Glue.Contains(line[start - 1], StringComparison.Ordinal)))
        {
            return null;
        }

        var script = ScriptOf(word);
        return script == Script.None
            ? null
            : new TypedWord(KeyOf(word), script, LastScriptOf(line[..start]), CasingOf(word));
    }

    private static string KeyOf(ReadOnlySpan<char> word) =>
        string.Create(word.Length, word, (key, letters) => Letters.Fold(letters, key));

    private static Script ScriptOf(ReadOnlySpan<char> word)
    {
        var script = Script.None;
        foreach (var letter in word)
        {
            if (Letters.IsJoiner(letter))
            {
                continue;
            }

            var own = ScriptOf(letter);
            if (own == Script.None || (script != Script.None && own != script))
            {
                return Script.None;
            }

            script = own;
        }

        return script;
    }

    private static Script ScriptOf(char letter) =>
        Letters.IsLatin(letter) ? Script.Latin : Letters.IsCyrillic(letter) ? Script.Cyrillic : Script.None;

    private static Script LastScriptOf(ReadOnlySpan<char> line)
    {
        for (var index = line.Length - 1; index >= 0; index--)
        {
            var script = ScriptOf(line[index]);
            if (script != Script.None)
            {
                return script;
            }
        }

        return Script.None;
    }

    private static Casing CasingOf(ReadOnlySpan<char> word)
    {
        if (!char.IsUpper(word[0]))
        {
            return Casing.AsSpelt;
        }

        return word.Length > 1 && !word.ContainsAnyInRange('a', 'z') && !word.ContainsAnyInRange('а', 'я') && !word.Contains('ё')
            ? Casing.Upper
            : Casing.Capital;
    }
}
