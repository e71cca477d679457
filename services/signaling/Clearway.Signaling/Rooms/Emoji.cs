using System.Buffers;
using System.Globalization;
using System.Text;

namespace Clearway.Signaling.Rooms;

/// <summary>What may stand as a reaction: one emoji of Unicode Technical Standard 51, a flag, a keycap or a joined one included.</summary>
internal static class Emoji
{
    private const int MaxBytes = 32;
    private const int Joiner = 0x200D;
    private const int EmojiStyle = 0xFE0F;
    private const int Keycap = 0x20E3;

    // Of the Basic Multilingual Plane, the characters with the property Extended_Pictographic (Unicode 17).
    private static readonly SearchValues<char> Pictographs = SearchValues.Create(
        "©®‼⁉™ℹ↔↕↖↗↘↙↩↪⌚⌛⌨⏏⏩⏪⏫⏬⏭⏮⏯⏰⏱⏲⏳⏸⏹⏺Ⓜ▪▫▶◀◻◼◽◾☀☁☂☃☄☎☑☔☕☘☝☠☢☣☦☪☮☯☸" +
        "☹☺♀♂♈♉♊♋♌♍♎♏♐♑♒♓♟♠♣♥♦♨♻♾♿⚒⚓⚔⚕⚖⚗⚙⚛⚜⚠⚡⚧⚪⚫⚰⚱⚽⚾⛄⛅⛈⛎⛏⛑⛓⛔⛩⛪⛰⛱⛲⛳⛴⛵⛷" +
        "⛸⛹⛺⛽✂✅✈✉✊✋✌✍✏✒✔✖✝✡✨✳✴❄❇❌❎❓❔❕❗❣❤➕➖➗➡➰➿⤴⤵⬅⬆⬇⬛⬜⭐⭕〰〽㊗㊙");

    /// <summary>Whether a text is exactly one emoji, of at most 32 bytes of UTF-8.</summary>
    internal static bool IsOne(string text)
    {
        if (text.Length == 0
            || Encoding.UTF8.GetByteCount(text) > MaxBytes
            || StringInfo.GetNextTextElementLength(text) != text.Length)
        {
            return false;
        }

        var runes = text.EnumerateRunes().Select(rune => rune.Value).ToArray();
        return runes switch
        {
            [var first, var second] when IsRegion(first) && IsRegion(second) => true,
            [var digit, Keycap] => IsKeycapBase(digit),
            [var digit, EmojiStyle, Keycap] => IsKeycapBase(digit),
            _ => IsPictograph(runes[0]) && runes.All(rune => IsPictograph(rune) || IsPartOfAnother(rune)),
        };
    }

    private static bool IsRegion(int rune) => rune is >= 0x1F1E6 and <= 0x1F1FF;

    private static bool IsKeycapBase(int rune) => rune is '#' or '*' or (>= '0' and <= '9');

    private static bool IsPictograph(int rune) => rune <= char.MaxValue
        ? Pictographs.Contains((char)rune)
        : rune is >= 0x1F000 and <= 0x1FAFF && !IsRegion(rune) && Rune.GetUnicodeCategory(new Rune(rune)) == UnicodeCategory.OtherSymbol;

    // Style, skin tone, and the tags of the flags of regions.
    private static bool IsPartOfAnother(int rune) => rune is Joiner or EmojiStyle or (>= 0x1F3FB and <= 0x1F3FF) or (>= 0xE0020 and <= 0xE007F);
}
