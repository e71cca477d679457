namespace Clearway.Chat.History;

/// <summary>
/// Asks for many things at once: what is asked while earlier questions are under way waits, and is then asked together, in the order in
/// which it came. An answer is never older than its question.
/// </summary>
/// <param name="lanes">Most questions under way at a time.</param>
/// <param name="most">Weight up to which things are asked together; one that is heavier goes alone.</param>
/// <param name="weigh">Weight of one thing.</param>
/// <param name="askAsync">Answers things in the order given; when it fails, all of them fail.</param>
internal sealed class Gathering<TAsked, TAnswer>(
    int lanes, int most, Func<TAsked, int> weigh, Func<IReadOnlyList<TAsked>, Task<IReadOnlyList<TAnswer>>> askAsync)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(TAsked Asked, TaskCompletionSource<TAnswer> Answer)> _waiting = []; // guarded by _gate
    private int _busyLanes; // guarded by _gate

    /// <summary>
    /// Asks for one thing. Who gives up stops waiting: what is still waiting then is dropped, so that those who ask again do not pile up
    /// what nobody waits for; what was asked already may still happen.
    /// </summary>
    public async Task<TAnswer> AskAsync(TAsked asked, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        LinkedListNode<(TAsked Asked, TaskCompletionSource<TAnswer> Answer)> place;
        lock (_gate)
        {
            place = _waiting.AddLast((asked, answer));
            if (_busyLanes < lanes)
            {
                _busyLanes++;

                // What is asked for many is nobody's trace.
                using (ExecutionContext.SuppressFlow())
                {
                    _ = Task.Run(AskInTurnsAsync, CancellationToken.None);
                }
            }
        }

        try
        {
            return await answer.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                if (place.List is not null)
                {
                    _waiting.Remove(place);
                }
            }

            throw;
        }
    }

    private async Task AskInTurnsAsync()
    {
        while (Take() is { Count: > 0 } taken)
        {
            try
            {
                var answers = await askAsync(taken.ConvertAll(one => one.Asked));
                for (var place = 0; place < taken.Count; place++)
                {
                    taken[place].Answer.SetResult(answers[place]);
                }
            }
            catch (Exception exception)
            {
                taken.ForEach(one => one.Answer.TrySetException(exception));
            }
        }
    }

    /// <summary>What is asked next; where nothing waits the lane ends.</summary>
    private List<(TAsked Asked, TaskCompletionSource<TAnswer> Answer)> Take()
    {
        var taken = new List<(TAsked Asked, TaskCompletionSource<TAnswer> Answer)>();
        lock (_gate)
        {
            for (var weight = 0; _waiting.First is { } next && (weight += weigh(next.Value.Asked)) is var sum && (sum <= most || taken.Count == 0);)
            {
                taken.Add(next.Value);
                _waiting.Remove(next);
            }

            if (taken.Count == 0)
            {
                _busyLanes--;
            }
        }

        return taken;
    }
}
