namespace Clearway.Auth;

/// <summary>Name under which a person appears: 1 to 64 text elements, trimmed, in normalization form C.</summary>
internal readonly record struct DisplayName(string Value)
{
    private const int MaxTextElements = 64;

    public static bool TryParse(string? text, out DisplayName name)
    {
        var valid = PlainText.TryNormalize(text, MaxTextElements, out var normalized);
        name = new DisplayName(normalized);
        return valid;
    }

    public override string ToString() => Value;
}
