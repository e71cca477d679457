namespace Clearway.Auth.Rooms;

/// <summary>Title of a room: 1 to 120 text elements, trimmed, in normalization form C.</summary>
internal readonly record struct RoomTitle(string Value)
{
    private const int MaxTextElements = 120;

    public static bool TryParse(string? text, out RoomTitle title)
    {
        var valid = PlainText.TryNormalize(text, MaxTextElements, out var normalized);
        title = new RoomTitle(normalized);
        return valid;
    }

    public override string ToString() => Value;
}
