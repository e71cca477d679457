using System.Threading.Channels;
using Clearway.Chat.History;

namespace Clearway.Chat.Predictive;

/// <summary>
/// Learns from lines behind their storing: nobody's acknowledgement waits for it. What is forgotten is forgotten behind what was said
/// before. Where more is said than can be learned, what comes then teaches nothing.
/// </summary>
internal sealed class WordLearning(SpokenWords spoken) : BackgroundService
{
    /// <summary>Batches that wait; a few of the largest are some ten MiB each.</summary>
    private const int MostWaiting = 8;

    private readonly Channel<Action> _steps = Channel.CreateBounded<Action>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    /// <summary>Takes lines that were stored; never waits.</summary>
    public void Take(IReadOnlyList<StoredMessage> messages) => _steps.Writer.TryWrite(() => spoken.Learn(messages));

    /// <summary>Forgets; complete when it is forgotten.</summary>
    public async Task ForgetAsync(Action<SpokenWords> forget, CancellationToken cancellationToken)
    {
        var forgotten = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _steps.Writer.WriteAsync(
            () =>
            {
                forget(spoken);
                forgotten.SetResult();
            },
            cancellationToken);
        await forgotten.Task.WaitAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var step in _steps.Reader.ReadAllAsync(stoppingToken))
        {
            step();
        }
    }
}
