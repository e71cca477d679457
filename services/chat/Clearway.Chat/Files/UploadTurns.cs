namespace Clearway.Chat.Files;

/// <summary>
/// Lets a few uploads happen at a time, and of these only some of one tenant and fewer of one participant: nobody who sends slowly stops
/// everybody's. Who finds no turn waits, in the order of coming among those who may begin.
/// </summary>
internal sealed class UploadTurns(TimeProvider time)
{
    public const int Most = 8;
    public const int MostOfTenant = 4;
    public const int MostOfParticipant = 2;

    /// <summary>How long somebody waits for a turn.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<Turn> _running = []; // guarded by _gate
    private readonly LinkedList<Turn> _waiting = []; // guarded by _gate

    /// <summary>Waits for a turn; it ends when what is returned is disposed. Null when none came in time.</summary>
    public async Task<IDisposable?> TakeAsync(string tenant, string participant, CancellationToken cancellationToken)
    {
        var turn = new Turn(this, tenant, participant);
        lock (_gate)
        {
            _waiting.AddLast(turn);
            BeginWhatMay();
        }

        try
        {
            await turn.Begun.Task.WaitAsync(Patience, time, cancellationToken);
            return turn;
        }
        catch (TimeoutException)
        {
            turn.Dispose();
            return null;
        }
        catch (OperationCanceledException)
        {
            turn.Dispose();
            throw;
        }
    }

    private void End(Turn turn)
    {
        lock (_gate)
        {
            if (!_waiting.Remove(turn) && _running.Remove(turn))
            {
                BeginWhatMay();
            }
        }
    }

    /// <remarks>Inside _gate.</remarks>
    private void BeginWhatMay()
    {
        for (var next = _waiting.First; next is not null && _running.Count < Most;)
        {
            var (turn, following) = (next.Value, next.Next);
            if (MayBegin(turn))
            {
                _waiting.Remove(next);
                _running.Add(turn);
                turn.Begun.SetResult();
            }

            next = following;
        }
    }

    private bool MayBegin(Turn turn) =>
        _running.Count(other => other.Tenant == turn.Tenant) < MostOfTenant
        && _running.Count(other => other.Tenant == turn.Tenant && other.Participant == turn.Participant) < MostOfParticipant;

    private sealed class Turn(UploadTurns turns, string tenant, string participant) : IDisposable
    {
        public string Tenant { get; } = tenant;

        public string Participant { get; } = participant;

        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose() => turns.End(this);
    }
}
