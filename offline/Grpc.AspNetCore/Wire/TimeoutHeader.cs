using System.Globalization;

namespace Grpc.Wire;

/// <summary>The form of <c>grpc-timeout</c>: up to eight digits and a unit.</summary>
internal static class TimeoutHeader
{
    private const int MaxDigits = 8;

    /// <summary>The time rounded up to whole milliseconds, or to whole seconds where those take too many digits.</summary>
    public static string Format(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero)
        {
            return "1n";
        }

        var milliseconds = (long)Math.Ceiling(timeout.TotalMilliseconds);
        return milliseconds < 100_000_000
            ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds}m")
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Min((milliseconds + 999) / 1000, 99_999_999)}S");
    }

    public static bool TryParse(string? header, out TimeSpan timeout)
    {
        timeout = default;
        if (header is not { Length: >= 2 and <= MaxDigits + 1 }
            || !int.TryParse(header.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        TimeSpan? parsed = header[^1] switch
        {
            'H' => TimeSpan.FromHours(count),
            'M' => TimeSpan.FromMinutes(count),
            'S' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMilliseconds(count),
            'u' => TimeSpan.FromMicroseconds(count),
            'n' => new TimeSpan(count / TimeSpan.NanosecondsPerTick),
            _ => null,
        };
        timeout = parsed.GetValueOrDefault();
        return parsed is not null;
    }
}
