namespace Clearway.Testing;

/// <summary>Waiting for what comes about by itself.</summary>
public static class Eventually
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <summary>Looks again and again until a condition holds.</summary>
    /// <param name="condition">Cheap, and without effect.</param>
    /// <param name="what">The condition in words.</param>
    /// <exception cref="TimeoutException">It did not come true within 30 s.</exception>
    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string)"/>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        ArgumentNullException.ThrowIfNull(condition);
        using var patience = new CancellationTokenSource(_patience);
        while (!await condition())
        {
            if (patience.IsCancellationRequested)
            {
                throw new TimeoutException($"Never came true: {what}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        }
    }
}
