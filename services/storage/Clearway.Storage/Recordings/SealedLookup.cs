using System.Collections.Concurrent;
using Clearway.Storage.V1;

namespace Clearway.Storage.Recordings;

/// <summary>
/// Finds recordings for downloads, whose every range asks anew: the blob server is asked about a sealed recording once a second and not once
/// a range. What this process changes is seen at once, what another one changes after <see cref="Freshness"/> at the latest.
/// </summary>
internal sealed class SealedLookup
{
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    /// <summary>Recordings kept in mind; when there are more, all are asked for anew.</summary>
    private const int Most = 1024;

    private readonly RecordingStore _store;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<RecordingId, Answer> _answers = new();

    public SealedLookup(RecordingStore store, TimeProvider time)
    {
        (_store, _time) = (store, time);
        store.Changed += id => _answers.TryRemove(id, out _);
    }

    /// <summary>The recording, or null when there is none.</summary>
    public async Task<StoredRecording?> FindAsync(RecordingId id, CancellationToken cancellationToken)
    {
        if (_answers.TryGetValue(id, out var known) && _time.GetElapsedTime(known.AskedAt) < Freshness)
        {
            return await known.Recording.WaitAsync(cancellationToken);
        }

        if (_answers.Count >= Most)
        {
            _answers.Clear();
        }

        // One question for all who come while it is answered, so none of them may cancel it: the blob client's own time limits end it.
        var answer = new Answer(_time.GetTimestamp(), _store.FindAsync(id, CancellationToken.None));
        _answers[id] = answer;
        try
        {
            var recording = await answer.Recording.WaitAsync(cancellationToken);
            if (recording is not { State: RecordingState.Sealed, IsArchived: false })
            {
                _answers.TryRemove(new(id, answer));
            }

            return recording;
        }
        catch
        {
            _answers.TryRemove(new(id, answer));
            throw;
        }
    }

    private sealed record Answer(long AskedAt, Task<StoredRecording?> Recording);
}
