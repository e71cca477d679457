namespace Clearway.Chat.History;

/// <summary>
/// Appends the batches of all gateways that wait at a moment by one commit: a commit waits for the disk, and that wait is shared. The
/// order in which the batches came is kept.
/// </summary>
internal sealed class GroupCommit
{
    /// <summary>One commits while the next one's lines are on their way. More would wait for the same rooms.</summary>
    private const int Lanes = 2;

    private const int MostLines = 2048;

    private readonly Gathering<IReadOnlyList<StoredMessage>, IReadOnlyList<long>> _appending;
    private readonly IServiceScopeFactory _scopes;

    public GroupCommit(IServiceScopeFactory scopes)
    {
        _scopes = scopes;
        _appending = new Gathering<IReadOnlyList<StoredMessage>, IReadOnlyList<long>>(
            Lanes, MostLines, messages => messages.Count, AppendAsync);
    }

    /// <summary>Stores a batch, see <see cref="MessageAppends.AppendAsync"/>; complete when it is on the disk.</summary>
    public Task<IReadOnlyList<long>> AppendAsync(IReadOnlyList<StoredMessage> messages, CancellationToken cancellationToken) =>
        _appending.AskAsync(messages, cancellationToken);

    private async Task<IReadOnlyList<IReadOnlyList<long>>> AppendAsync(IReadOnlyList<IReadOnlyList<StoredMessage>> batches)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var appends = scope.ServiceProvider.GetRequiredService<MessageAppends>();
        var sequences = await appends.AppendAsync([.. batches.SelectMany(batch => batch)], CancellationToken.None);
        var answers = new List<IReadOnlyList<long>>(batches.Count);
        var first = 0;
        foreach (var batch in batches)
        {
            answers.Add([.. sequences.Skip(first).Take(batch.Count)]);
            first += batch.Count;
        }

        return answers;
    }
}
