namespace Clearway.Chat.Files;

/// <summary>What a file is by its bytes; what its sender or its name says does not count.</summary>
internal static class FileType
{
    /// <summary>Whatever browsers are not to show.</summary>
    public const string Other = "application/octet-stream";

    /// <summary>The type of an image that browsers show without running anything of it (SVG runs scripts), else <see cref="Other"/>.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => "image/gif",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "image/webp",
        _ => Other,
    };
}
