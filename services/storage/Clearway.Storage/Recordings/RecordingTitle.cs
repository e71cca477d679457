using System.Globalization;
using System.Text;

namespace Clearway.Storage.Recordings;

/// <summary>What may be a recording's title, and what a track's is.</summary>
internal static class RecordingTitle
{
    public static bool IsValid(string text) =>
        Encoding.UTF8.GetByteCount(text) <= RecordingLimits.MaxTitleBytes
        && new StringInfo(text).LengthInTextElements <= RecordingLimits.MaxTitleTextElements
        && !text.Any(char.IsControl);

    /// <summary>The meeting's title and whose track it is; of a title that leaves no room for the name, the end is cut.</summary>
    public static string OfTrack(string meeting, string recordedByName)
    {
        if (meeting.Length == 0)
        {
            return recordedByName;
        }

        var ends = StringInfo.ParseCombiningCharacters(meeting).Append(meeting.Length).Reverse();
        return ends.Select(end => $"{meeting.AsSpan(0, end)} - {recordedByName}").First(IsValid);
    }
}
