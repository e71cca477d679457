namespace Clearway.Testing;

/// <summary>Texts that, taken as a name, would lead out of a folder: steps, separators, encodings and endings in all combinations.</summary>
public static class Traversals
{
    private static readonly string[] _steps = ["..", ".", "...", "%2e%2e", "%252e%252e", "．．", "..;", "..\0", ".. ", "%c0%ae%c0%ae"];

    private static readonly string[] _separators = ["/", "\\", "%2f", "%5c", "%252f", "／", "%c0%af", "//"];

    private static readonly string[] _targets = ["etc/passwd", "01k5pzbg0a7v3qd9xw4tz2m8nc", "windows\\win.ini", "tenants", "media.webm", ""];

    private static readonly string[] _starts = ["", "/", "01k5pzbg0a7v3qd9xw4tz2m8nc/", "C:\\", "file:///", "\\\\host\\share\\"];

    /// <summary>More than two thousand different ones.</summary>
    public static IEnumerable<string> All =>
        from start in _starts
        from step in _steps
        from separator in _separators
        from target in _targets
        select start + step + separator + step + separator + target;
}
