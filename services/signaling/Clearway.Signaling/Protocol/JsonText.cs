using System.Numerics;
using System.Runtime.Intrinsics;

namespace Clearway.Signaling.Protocol;

/// <summary>
/// Steps over JSON (RFC 8259) and checks it on the way, without reading what it says. Strings are passed over a vector at a time, and in
/// it from one escape to the next: a session description is one string with an escaped line end every few dozen bytes.
/// </summary>
internal static class JsonText
{
    // One object is around every value that is passed over, and the platform's reader goes 64 deep.
    private const int MaxDepth = 63;

    /// <summary>The first position from <paramref name="at"/> on that is no white space.</summary>
    internal static int SkipSpace(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length && json[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at;
    }

    /// <summary>The position after the string that begins at <paramref name="at"/>, or -1 when it is none.</summary>
    internal static int SkipString(ReadOnlySpan<byte> json, int at)
    {
        at++;
        while (at + Vector256<byte>.Count <= json.Length)
        {
            // A bit for each byte that is not simply passed over.
            var bytes = Vector256.Create(json[at..]);
            var stops = (Vector256.Equals(bytes, Vector256.Create((byte)'"'))
                | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))
                | Vector256.LessThan(bytes, Vector256.Create((byte)' '))).ExtractMostSignificantBits();
            var next = Vector256<byte>.Count;
            while (stops != 0)
            {
                var stop = BitOperations.TrailingZeroCount(stops);
                if (json[at + stop] != '\\')
                {
                    return json[at + stop] == '"' ? at + stop + 1 : -1;
                }

                var escape = EscapeLength(json[(at + stop)..]);
                if (escape == 0)
                {
                    return -1;
                }

                var end = stop + escape;
                if (end >= Vector256<byte>.Count)
                {
                    next = end;
                    break;
                }

                stops &= uint.MaxValue << end;
            }

            at += next;
        }

        while (at < json.Length && json[at] != '"')
        {
            var length = json[at] == '\\' ? EscapeLength(json[at..]) : json[at] < ' ' ? 0 : 1;
            if (length == 0)
            {
                return -1;
            }

            at += length;
        }

        return at < json.Length ? at + 1 : -1;
    }

    /// <summary>The position after the value that begins at <paramref name="at"/>, or -1 when it is none or too deep.</summary>
    internal static int SkipValue(ReadOnlySpan<byte> json, int at)
    {
        // One bit a level: whether it is an object.
        ulong objects = 0;
        var depth = 0;
        while (true)
        {
            if (at >= json.Length)
            {
                return -1;
            }

            if (json[at] is (byte)'{' or (byte)'[')
            {
                if (++depth > MaxDepth)
                {
                    return -1;
                }

                var isObject = json[at] == '{';
                objects = (objects << 1) | (isObject ? 1UL : 0);
                at = SkipSpace(json, at + 1);
                if (at < json.Length && json[at] == (isObject ? '}' : ']'))
                {
                    at = SkipEnds(json, at, ref depth, ref objects);
                }
                else if (isObject)
                {
                    at = SkipName(json, at);
                    if (at < 0)
                    {
                        return -1;
                    }

                    continue;
                }
                else
                {
                    continue;
                }
            }
            else
            {
                at = SkipScalar(json, at);
                if (at >= 0 && depth > 0)
                {
                    at = SkipEnds(json, SkipSpace(json, at), ref depth, ref objects);
                }
            }

            if (at < 0 || depth == 0)
            {
                return at;
            }

            // A comma, and another value.
            if (at >= json.Length || json[at] != ',')
            {
                return -1;
            }

            at = SkipSpace(json, at + 1);
            if ((objects & 1) != 0)
            {
                at = SkipName(json, at);
                if (at < 0)
                {
                    return -1;
                }
            }
        }
    }

    // Closes as many objects and arrays as end here.
    private static int SkipEnds(ReadOnlySpan<byte> json, int at, ref int depth, ref ulong objects)
    {
        while (depth > 0 && at < json.Length && json[at] == ((objects & 1) != 0 ? '}' : ']'))
        {
            depth--;
            objects >>= 1;
            at = depth == 0 ? at + 1 : SkipSpace(json, at + 1);
        }

        return at;
    }

    private static int SkipName(ReadOnlySpan<byte> json, int at)
    {
        if (at >= json.Length || json[at] != '"' || (at = SkipString(json, at)) < 0)
        {
            return -1;
        }

        at = SkipSpace(json, at);
        return at < json.Length && json[at] == ':' ? SkipSpace(json, at + 1) : -1;
    }

    private static int SkipScalar(ReadOnlySpan<byte> json, int at) => json[at] switch
    {
        (byte)'"' => SkipString(json, at),
        (byte)'t' => json[at..].StartsWith("true"u8) ? at + 4 : -1,
        (byte)'f' => json[at..].StartsWith("false"u8) ? at + 5 : -1,
        (byte)'n' => json[at..].StartsWith("null"u8) ? at + 4 : -1,
        _ => SkipNumber(json, at),
    };

    private static int SkipNumber(ReadOnlySpan<byte> json, int at)
    {
        at += json[at] == '-' ? 1 : 0;
        var digits = SkipDigits(json, at);
        if (digits == at || (json[at] == '0' && digits > at + 1))
        {
            return -1;
        }

        at = digits;
        if (at < json.Length && json[at] == '.' && (at = SkipDigits(json, digits = at + 1)) == digits)
        {
            return -1;
        }

        if (at < json.Length && json[at] is (byte)'e' or (byte)'E')
        {
            at++;
            at += at < json.Length && json[at] is (byte)'+' or (byte)'-' ? 1 : 0;
            if ((at = SkipDigits(json, digits = at)) == digits)
            {
                return -1;
            }
        }

        return at;
    }

    private static int SkipDigits(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length && char.IsAsciiDigit((char)json[at]))
        {
            at++;
        }

        return at;
    }

    // Length of the escape at the start, of both where it is an escaped line end; zero when it is none.
    private static int EscapeLength(ReadOnlySpan<byte> json)
    {
        if (json.StartsWith("""\r\n"""u8))
        {
            return 4;
        }

        if (json.Length < 2 || json[0] != '\\')
        {
            return 0;
        }

        if (json[1] is (byte)'n' or (byte)'r' or (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'t')
        {
            return 2;
        }

        if (json[1] != 'u' || json.Length < 6)
        {
            return 0;
        }

        for (var i = 2; i < 6; i++)
        {
            if (!char.IsAsciiHexDigit((char)json[i]))
            {
                return 0;
            }
        }

        return 6;
    }
}
