namespace Clearway.Storage.Recordings;

/// <summary>
/// Lets uploads in: as many as there is memory for, and two of one recording, since whoever was cut comes back before this process has heard
/// of the cut.
/// </summary>
internal sealed class UploadAdmission(BlockMemory memory)
{
    private const int MostOfOneRecording = 2;

    private readonly Lock _gate = new();
    private readonly Dictionary<RecordingId, int> _running = []; // guarded by _gate

    /// <summary>Lets an upload in, until <see cref="Leave"/>.</summary>
    /// <returns>Why it is not let in, or null.</returns>
    public Refusal? Enter(RecordingId id)
    {
        lock (_gate)
        {
            var running = _running.GetValueOrDefault(id);
            if (running == MostOfOneRecording)
            {
                return Refusal.UploadBusy;
            }

            if (!memory.TryEnter(Upload.LeastBytes))
            {
                return Refusal.TooManyUploads;
            }

            _running[id] = running + 1;
            return null;
        }
    }

    /// <summary>The upload has ended.</summary>
    public void Leave(RecordingId id)
    {
        lock (_gate)
        {
            memory.Release(Upload.LeastBytes);
            if (--_running[id] == 0)
            {
                _running.Remove(id);
            }
        }
    }
}
