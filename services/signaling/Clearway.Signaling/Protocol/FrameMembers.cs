using System.Text.Json;

namespace Clearway.Signaling.Protocol;

/// <summary>
/// The members of one frame that the protocol knows, as slices of the frame's bytes; everything else is skipped unread. Reading
/// covers the whole frame, so what was accepted is valid JSON (RFC 8259) in every part, payload included.
/// </summary>
internal ref struct FrameMembers
{
    private static readonly string[] Names =
    [
        "type", "target_id", "payload", "token", "resume", "received", "lacks_history", "max_peers", "ttl_minutes", "text",
        "client_id", "system_data", "security", "audio", "video", "screen", "command", "locked", "reason", "minutes", "raised", "x", "y",
        "message_id", "emoji", "on", "proof", "rtt_ms", "jitter_ms", "loss", "kbps_in", "kbps_out", "candidate", "mos", "cause",
    ];

    private readonly ReadOnlyMemory<byte> _frame;
    private readonly Value[] _values;

    private FrameMembers(ReadOnlyMemory<byte> frame)
    {
        _frame = frame;
        _values = new Value[Names.Length];
    }

    private readonly record struct Value(JsonTokenType Kind, int Start, int Length);

    /// <summary>Finds the known members.</summary>
    /// <param name="frame">One text frame, valid UTF-8.</param>
    /// <param name="members">The members, when true is returned.</param>
    /// <param name="twice">Name of a known member that stands there twice: two readers could then disagree about its value.</param>
    /// <returns>False when the frame is not one JSON object.</returns>
    internal static bool TryRead(ReadOnlyMemory<byte> frame, out FrameMembers members, out string? twice)
    {
        members = new FrameMembers(frame);
        twice = null;
        var reader = new Utf8JsonReader(frame.Span);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var index = IndexOf(ref reader);
                reader.Read();
                var kind = reader.TokenType;
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (index < 0)
                {
                    continue;
                }

                if (members._values[index].Kind != JsonTokenType.None)
                {
                    twice = Names[index];
                }

                members._values[index] = new Value(kind, start, (int)reader.BytesConsumed - start);
            }

            // Anything but white space after the object is an error of its own.
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    internal readonly bool Has(string name) => Of(name).Kind != JsonTokenType.None;

    /// <summary>The member's bytes as they came.</summary>
    internal readonly ReadOnlyMemory<byte> Raw(string name) => _frame.Slice(Of(name).Start, Of(name).Length);

    /// <summary>The member as text; false when it is absent, no string, or escapes half a surrogate pair.</summary>
    internal readonly bool TryText(string name, out string text)
    {
        text = "";
        if (Of(name).Kind != JsonTokenType.String)
        {
            return false;
        }

        var reader = new Utf8JsonReader(Raw(name).Span);
        reader.Read();
        try
        {
            text = reader.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>A UUID in its 36-character form.</summary>
    internal readonly bool TryId(string name, out Guid id)
    {
        id = default;
        return TryText(name, out var text) && Guid.TryParseExact(text, "D", out id);
    }

    internal readonly bool TryFlag(string name, out bool flag)
    {
        flag = Of(name).Kind == JsonTokenType.True;
        return flag || Of(name).Kind == JsonTokenType.False;
    }

    internal readonly bool TryNumber(string name, out int number)
    {
        number = 0;
        if (Of(name).Kind != JsonTokenType.Number)
        {
            return false;
        }

        var reader = new Utf8JsonReader(Raw(name).Span);
        reader.Read();
        return reader.TryGetInt32(out number);
    }

    /// <summary>The member as a number from 0 to 1.</summary>
    internal readonly bool TryFraction(string name, out double number)
    {
        number = 0;
        if (Of(name).Kind != JsonTokenType.Number)
        {
            return false;
        }

        var reader = new Utf8JsonReader(Raw(name).Span);
        reader.Read();
        return reader.TryGetDouble(out number) && number is >= 0 and <= 1;
    }

    /// <summary>The member as a whole number from 0 to <paramref name="most"/>.</summary>
    internal readonly bool TryWithin(string name, int most, out int number) => TryNumber(name, out number) && number >= 0 && number <= most;

    /// <summary>The member as a whole number from 0 on.</summary>
    internal readonly bool TryCount(string name, out long count)
    {
        count = 0;
        if (Of(name).Kind != JsonTokenType.Number)
        {
            return false;
        }

        var reader = new Utf8JsonReader(Raw(name).Span);
        reader.Read();
        return reader.TryGetInt64(out count) && count >= 0;
    }

    private readonly Value Of(string name) => _values[Array.IndexOf(Names, name)];

    private static int IndexOf(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (reader.ValueTextEquals(Names[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
