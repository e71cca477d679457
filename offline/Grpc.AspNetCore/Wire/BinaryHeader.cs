using Grpc.Core;

namespace Grpc.Wire;

/// <summary>Values of <c>-bin</c> headers: base64, with or without padding, several joined by commas.</summary>
internal static class BinaryHeader
{
    public static string Encode(Metadata.Entry entry) => entry.IsBinary ? Convert.ToBase64String(entry.Bytes) : entry.Value;

    /// <exception cref="FormatException">A value is not base64.</exception>
    public static void AddTo(Metadata metadata, string key, string joined)
    {
        foreach (var value in joined.Split(',', StringSplitOptions.TrimEntries))
        {
            metadata.Add(key, Convert.FromBase64String(value.PadRight((value.Length + 3) / 4 * 4, '=')));
        }
    }
}
