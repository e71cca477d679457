using System.Globalization;

namespace Clearway.Storage.Recordings;

/// <summary>Bytes to send of a file.</summary>
/// <param name="First">Offset of the first byte.</param>
/// <param name="Length">Number of bytes.</param>
/// <param name="IsPartial">Whether the request asked for a range, and gets one.</param>
internal readonly record struct ByteRange(long First, long Length, bool IsPartial)
{
    /// <summary>
    /// Evaluates Range and If-Range (RFC 9110 sections 13.1.5 and 14.2). What is no single, well-formed byte range counts as not there,
    /// as the RFC permits: the answer is the whole file.
    /// </summary>
    /// <param name="range">Range as received, or empty.</param>
    /// <param name="ifRange">If-Range as received, or empty.</param>
    /// <param name="size">Bytes in the file.</param>
    /// <param name="entityTag">The file's strong entity tag. A date never matches: it is no strong validator here.</param>
    /// <returns>Null when the range is well-formed and holds no byte of the file.</returns>
    public static ByteRange? Evaluate(string range, string ifRange, long size, string entityTag)
    {
        if ((ifRange.Length > 0 && ifRange != entityTag) || SingleRange(range) is not { } spec)
        {
            return new ByteRange(0, size, false);
        }

        var dash = spec.IndexOf('-', StringComparison.Ordinal);
        var (from, to) = (spec[..dash], spec[(dash + 1)..]);
        if (from.Length == 0)
        {
            var suffix = Math.Min(Position(to), size);
            return suffix == 0 ? null : new ByteRange(size - suffix, suffix, true);
        }

        var first = Position(from);
        var last = to.Length == 0 ? size - 1 : Math.Min(Position(to), size - 1);
        return first >= size ? null : new ByteRange(first, last - first + 1, true);
    }

    /// <summary>The one range of a byte range set, or null when there is none, more than one, or it is malformed.</summary>
    private static string? SingleRange(string range)
    {
        const string unit = "bytes=";
        if (!range.StartsWith(unit, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var specs = range[unit.Length..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return specs is [var spec] && IsWellFormed(spec) ? spec : null;
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
