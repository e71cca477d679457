using System.Globalization;
using System.Text;

namespace Clearway.Storage.Recordings;

/// <summary>What may be a recording's title.</summary>
internal static class RecordingTitle
{
    public static bool IsValid(string text) =>
        Encoding.UTF8.GetByteCount(text) <= RecordingLimits.MaxTitleBytes
        && new StringInfo(text).LengthInTextElements <= RecordingLimits.MaxTitleTextElements
        && !text.Any(char.IsControl);
}
