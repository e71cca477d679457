namespace Clearway.Chat.Predictive;

/// <summary>The alphabet of a word, and so its language.</summary>
internal enum Script
{
    None,
    Latin,
    Cyrillic,
}

/// <summary>Finds the alphabet of words.</summary>
internal static class Scripts
{
    /// <summary>The one alphabet of a word's letters; <see cref="Script.None"/> for several, or another one.</summary>
    public static Script Of(ReadOnlySpan<char> word)
    {
        var script = Script.None;
        foreach (var letter in word)
        {
            if (Letters.IsJoiner(letter) || Letters.IsMark(letter))
            {
                continue;
            }

            var own = Of(letter);
            if (own == Script.None || (script != Script.None && own != script))
            {
                return Script.None;
            }

            script = own;
        }

        return script;
    }

    /// <summary>The alphabet of the last letter of a text.</summary>
    public static Script OfLastLetter(ReadOnlySpan<char> text)
    {
        for (var index = text.Length - 1; index >= 0; index--)
        {
            var script = Of(text[index]);
            if (script != Script.None)
            {
                return script;
            }
        }

        return Script.None;
    }

    private static Script Of(char letter) =>
        Letters.IsLatin(letter) ? Script.Latin : Letters.IsCyrillic(letter) ? Script.Cyrillic : Script.None;
}
