using System.Globalization;
using Azure.Storage.Blobs;
using Clearway.Storage.V1;

namespace Clearway.Storage.Recordings;

/// <summary>Somebody spoke without a longer pause.</summary>
/// <param name="Participant">Public id.</param>
/// <param name="Name">As shown to people.</param>
/// <param name="StartMs">Milliseconds since the recording began.</param>
/// <param name="EndMs">Milliseconds since the recording began, not before <paramref name="StartMs"/>.</param>
internal sealed record SpeechTurn(string Participant, string Name, long StartMs, long EndMs);

/// <summary>Keeps who spoke when, as the recorder heard it, and makes chapters of it.</summary>
internal sealed class Chapters(BlobContainerClient container)
{
    /// <summary>In one call.</summary>
    private const int MaxTurnsAtOnce = 100;

    /// <summary>Of one recording, in its manifest and its chapters: five hours with a turn each second.</summary>
    private const int MaxTurns = 20_000;

    /// <summary>Of one recording, as they are kept: so many turns with names of some length.</summary>
    private const long MaxBytes = 4 << 20;

    private const int MaxNameTextElements = 64;
    private const int MaxIdLength = 128;
    private const long LongestMs = 24 * 60 * 60 * 1000;

    /// <summary>A pause that does not end a chapter.</summary>
    private const long PauseMs = 2000;

    private readonly Journal<SpeechTurn> _journal = new(container, id => id.SpeechBlob, JournalJson.Default.SpeechTurn, MaxBytes);

    /// <summary>Keeps turns.</summary>
    /// <returns>Why they are not kept, or null.</returns>
    public async Task<Refusal?> AddAsync(StoredRecording recording, IReadOnlyList<Speech> speech, CancellationToken cancellationToken)
    {
        if (recording.State != RecordingState.Recording)
        {
            return Refusal.RecordingSealed;
        }

        if (speech.Count is 0 or > MaxTurnsAtOnce || !speech.All(IsValid))
        {
            return Refusal.BadRequest("speech");
        }

        var turns = speech.Select(turn => new SpeechTurn(turn.Participant, turn.Name, turn.StartMs, turn.EndMs));
        return await _journal.AddAsync(recording.Id, turns, cancellationToken) ? null : Refusal.StorageFull;
    }

    /// <summary>What was kept, by start.</summary>
    public async Task<IReadOnlyList<SpeechTurn>> TurnsAsync(RecordingId id, CancellationToken cancellationToken) =>
        [.. (await _journal.ReadAsync(id, MaxTurns, cancellationToken)).OrderBy(turn => turn.StartMs)];

    public Task RemoveAsync(RecordingId id, CancellationToken cancellationToken) => _journal.RemoveAsync(id, cancellationToken);

    /// <summary>
    /// Chapters of turns that are in the order of their start: what one person says with short pauses is one, whoever speaks in between, and
    /// none goes beyond the end of the media.
    /// </summary>
    public static IReadOnlyList<SpeechTurn> Of(IEnumerable<SpeechTurn> turns, TimeSpan duration)
    {
        var end = (long)duration.TotalMilliseconds;
        var chapters = new List<SpeechTurn>();
        var lastOf = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var turn in turns.Where(turn => turn.StartMs < end))
        {
            var within = turn with { EndMs = Math.Min(turn.EndMs, end) };
            if (lastOf.TryGetValue(turn.Participant, out var last) && within.StartMs - chapters[last].EndMs <= PauseMs)
            {
                chapters[last] = chapters[last] with { EndMs = Math.Max(chapters[last].EndMs, within.EndMs) };
                continue;
            }

            lastOf[turn.Participant] = chapters.Count;
            chapters.Add(within);
        }

        return chapters;
    }

    private static bool IsValid(Speech turn) =>
        turn.Participant.Length is > 0 and <= MaxIdLength
        && turn.Participant.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        && turn.Name.Length <= 8 * MaxNameTextElements
        && new StringInfo(turn.Name).LengthInTextElements is > 0 and <= MaxNameTextElements
        && !turn.Name.Any(char.IsControl)
        && turn.StartMs >= 0 && turn.EndMs >= turn.StartMs && turn.EndMs <= LongestMs;
}
