using System.Globalization;

namespace Clearway.Storage.Recordings;

/// <summary>Bytes of a file.</summary>
/// <param name="First">Offset of the first byte.</param>
/// <param name="Length">Number of bytes.</param>
internal readonly record struct ByteRange(long First, long Length)
{
    /// <summary>Ranges that one request gets in parts; one that asks for more gets the whole file.</summary>
    public const int MaxRanges = 16;

    private const string Unit = "bytes=";

    /// <summary>
    /// Evaluates Range and If-Range (RFC 9110 sections 13.1.5 and 14.2). A Range that is malformed counts as not there, and so does one of
    /// too many ranges, or of ranges that together are longer than the file, which only costs (section 17.15).
    /// </summary>
    /// <param name="range">Range as received, or empty.</param>
    /// <param name="ifRange">If-Range as received, or empty.</param>
    /// <param name="size">Bytes in the file.</param>
    /// <param name="entityTag">The file's strong entity tag. A date never matches: it is no strong validator here.</param>
    /// <returns>The ranges in the order asked for; empty for the whole file; null when none of them holds a byte of it.</returns>
    public static IReadOnlyList<ByteRange>? Evaluate(string range, string ifRange, long size, string entityTag)
    {
        if ((ifRange.Length > 0 && ifRange != entityTag) || !range.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }

        var specs = range[Unit.Length..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (specs.Length is 0 or > MaxRanges || !specs.All(IsWellFormed))
        {
            return [];
        }

        ByteRange[] ranges = [.. specs.Select(spec => Within(spec, size)).OfType<ByteRange>()];
        if (ranges.Length == 0)
        {
            return null;
        }

        return ranges.Length > 1 && ranges.Sum(part => part.Length) > size ? [] : ranges;
    }

    private static ByteRange? Within(string spec, long size)
    {
        var dash = spec.IndexOf('-', StringComparison.Ordinal);
        var (from, to) = (spec[..dash], spec[(dash + 1)..]);
        if (from.Length == 0)
        {
            var suffix = Math.Min(Position(to), size);
            return suffix == 0 ? null : new ByteRange(size - suffix, suffix);
        }

        var first = Position(from);
        var last = to.Length == 0 ? size - 1 : Math.Min(Position(to), size - 1);
        return first >= size ? null : new ByteRange(first, last - first + 1);
    }

    private static bool IsWellFormed(string spec)
    {
        if (spec.Split('-') is not [var from, var to] || !(from + to).All(char.IsAsciiDigit) || from.Length + to.Length == 0)
        {
            return false;
        }

        return from.Length == 0 || to.Length == 0 || Position(from) <= Position(to);
    }

    // Digits without end are legal; all that lies beyond any file is the same.
    private static long Position(string digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : long.MaxValue;
}
