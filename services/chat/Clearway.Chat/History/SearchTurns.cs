namespace Clearway.Chat.History;

/// <summary>
/// Lets a few searches run at a time: each reads a room's lines until a page is full, and lines and joins need the same connections to the
/// database.
/// </summary>
internal sealed class SearchTurns(TimeProvider time) : IDisposable
{
    public const int Most = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _turns = new(Most);

    /// <summary>Runs a search when its turn comes; null when that takes too long.</summary>
    public async Task<MessagePage?> RunAsync(Func<Task<MessagePage>> search, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await _turns.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }

        try
        {
            return await search();
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();
}
